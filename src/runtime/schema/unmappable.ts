import type { core } from 'zod';

const FREE_JSON = 'z.record(z.string(), z.unknown()) for free JSON';
const AS_TEXT = 'a z.codec(z.string(), …) that keeps it as text';

/** What to write in place of a schema that has no column, by the zod type's name; undefined for those that have one. */
const INSTEAD: Partial<Record<core.$ZodTypeDef['type'], string>> = {
  bigint: `z.int() up to 2^53, or ${AS_TEXT}`,
  date: 'z.iso.datetime() or z.iso.date(), or a z.codec from one of them to z.date()',
  symbol: 'z.string()',
  map: 'z.record(), or a z.codec from it to z.map()',
  set: 'z.array(), or a z.codec from it to z.set()',
  function: 'what the function returns',
  custom: 'a plain schema, or a z.codec from one',
  file: 'a reference to the file, such as z.string()',
  promise: 'the schema of the resolved value',
  nan: 'z.number().nullable()',
  unknown: `the column's own type, or ${FREE_JSON}`,
  any: `the column's own type, or ${FREE_JSON}`,
  never: 'no field at all',
  void: 'no field at all',
  undefined: 'no field at all',
  null: 'the type that the column has where it is not null, with .nullable()',
  transform: 'a z.codec, which can be read back',
  pipe: 'a z.codec, which can be read back: a transform runs one way only',
  success: 'z.boolean()',
};

/** The sentence for a type that no column holds, such as `z.date() has no column type: write …`. */
export function describeUnmappable(type: core.$ZodTypeDef['type']): string {
  const name = type === 'pipe' || type === 'transform' ? 'a one-way transform' : type === 'custom' ? 'a custom type' : `z.${type}()`;
  return `${name} has no column type: write ${INSTEAD[type] ?? 'another type'}`;
}
