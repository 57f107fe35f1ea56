import type { z } from 'zod';
import { SpindleError } from '../errors.ts';
import type { Column } from './column.ts';
import { columnProblems } from './column-problems.ts';
import { columnShape } from './column-type.ts';

/** The columns of a table whose rows are the schema's input side, in the order of the schema. SCHEMA_UNMAPPABLE lists every column that has none. */
export function columnsOf(schema: z.ZodObject, place: { readonly asset: string }): Column[] {
  const issues = columnProblems(schema, place.asset);
  if (issues.length > 0) throw unmappable(issues, place.asset);
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const mapped = columnShape(field);
    return 'problem' in mapped ? [] : [{ name, ...mapped }];
  });
}

function unmappable(issues: readonly string[], asset: string): SpindleError {
  const field = /column "([^"]*)"/.exec(issues[0] ?? '')?.[1];
  const message =
    issues.length === 1
      ? `${issues[0]}.`
      : `${asset}: ${issues.length} problems with the columns of its schema:\n${issues.map((issue) => `  ${issue}`).join('\n')}`;
  return new SpindleError('SCHEMA_UNMAPPABLE', message, {
    asset,
    ...(field !== undefined && { field }),
    issues,
    remedy: 'Change the schema as the message says.',
  });
}
