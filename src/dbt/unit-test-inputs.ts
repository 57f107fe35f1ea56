import { parse } from 'yaml';
import { z } from 'zod';

/** What a unit test gives in place of one input. */
export interface UnitTestInput {
  readonly test: string;
  /** `source('a', 'b')` is `a.b`; `ref('x')` is `x`, also with a package or a version; `this` is the name of the tested model. */
  readonly input: string;
  /** Its rows, as text in which the names of the columns stand; undefined where a file holds them. */
  readonly rows: string | undefined;
  /** The name of that file. */
  readonly fixture: string | undefined;
}

const Given = z.object({ input: z.string(), rows: z.unknown().optional(), fixture: z.string().optional() });
const UnitTest = z.object({ name: z.string(), model: z.string(), given: z.array(Given).nullish() });
const File = z.object({ unit_tests: z.array(z.unknown()).nullish() });

/** The inputs of the unit tests in a YAML file of a dbt project. What dbt would not read is left to dbt to complain of. */
export function unitTestInputs(yaml: string): readonly UnitTestInput[] {
  const file = File.safeParse(parsed(yaml));
  return (file.data?.unit_tests ?? []).flatMap((entry) => {
    const { data } = UnitTest.safeParse(entry);
    return (data?.given ?? []).map(({ input, rows, fixture }) => ({
      test: data?.name ?? '',
      input: nameOf(input, data?.model ?? ''),
      rows: rows === undefined ? undefined : typeof rows === 'string' ? rows : JSON.stringify(rows),
      fixture,
    }));
  });
}

function parsed(yaml: string): unknown {
  try {
    return parse(yaml);
  } catch {
    return undefined; // dbt says so, with the line
  }
}

function nameOf(input: string, model: string): string {
  if (input.trim() === 'this') return model;
  const names = [...input.matchAll(/(?<!=\s*)['"]([^'"]+)['"]/g)].map(([, name]) => name ?? '');
  return /^\s*ref\b/.test(input) ? (names.at(-1) ?? '') : names.join('.');
}
