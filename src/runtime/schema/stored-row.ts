import type { z } from 'zod';
import { peel } from './peel.ts';

/** A row as a warehouse holds it turned back to the schema's input side: a field that may be absent but not null is absent where the column is null. */
export function storedRow(schema: z.ZodObject): (row: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const absent = Object.entries(schema.shape).flatMap(([name, field]) =>
    field.safeParse(null).success || !peel(field).optional ? [] : [name],
  );
  return (row) => {
    const copy = { ...row };
    for (const name of absent) if (copy[name] === null) delete copy[name];
    return copy;
  };
}
