import type { z } from 'zod';
import { columnShape } from './column-type.ts';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LONGEST = 255;

/** Why a schema cannot be a table, one sentence for each column, naming asset and column; empty where it can. */
export function columnProblems(schema: z.ZodObject, asset: string): string[] {
  const byFolded = new Map<string, string>();
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const folded = name.toLowerCase();
    const twin = byFolded.get(folded);
    byFolded.set(folded, name);
    const mapped = columnShape(field);
    const problems = [
      nameProblem(name),
      twin && `differs from "${twin}" only in case, which warehouses do not see: rename one of them`,
      'problem' in mapped && mapped.problem,
    ];
    return problems
      .filter((problem) => typeof problem === 'string' && problem !== '')
      .map((problem) => `${asset}: column "${name}": ${problem as string}`);
  });
}

function nameProblem(name: string): string | undefined {
  if (name.length > LONGEST) return `the name is longer than ${LONGEST} characters: shorten it`;
  return IDENTIFIER.test(name) ? undefined : 'the name is no plain identifier: use letters, digits and _, and no digit first';
}
