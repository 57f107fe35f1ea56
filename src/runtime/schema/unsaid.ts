import { z } from 'zod';
import type { Column } from './column.ts';
import { isSchemaObject, type JsonSchema } from './evolution/json-schema.ts';
import { valuesFingerprint, wireJsonSchema } from './evolution/wire-json-schema.ts';

/** What words say of a column. */
type Said = Pick<Column, 'type'> & { readonly [K in 'values' | 'minimum' | 'maximum']: Column[K] | undefined };

const LENGTH = 6;

/** Short, and another one for other values: of a schema without wrappers that takes not just what its type, the listed values and the bounds of its column say. Undefined where these say all of it. */
export function unsaidIn(core: z.core.$ZodTypes, said: Said): string | undefined {
  const of = (schema: z.core.$ZodType): string => valuesFingerprint(closed(wireJsonSchema(schema as z.ZodType)));
  const fingerprint = of(core);
  return said.type !== 'json' && fingerprint === of(plainSchema(said)) ? undefined : fingerprint.slice(0, LENGTH);
}

function plainSchema({ type, values, minimum, maximum }: Said): z.ZodType {
  if (values !== undefined) return z.literal([...values]);
  const bounded = (number: z.ZodNumber): z.ZodNumber => {
    const least = minimum === undefined ? number : number.min(minimum);
    return maximum === undefined ? least : least.max(maximum);
  };
  switch (type) {
    case 'string':
      return z.string();
    case 'integer':
      return bounded(z.int());
    case 'number':
      return bounded(z.number());
    case 'boolean':
      return z.boolean();
    case 'date':
      return z.iso.date();
    case 'timestamp':
      return z.iso.datetime();
    case 'json':
      return z.json();
  }
}

/** With one value as a list of it, and an integer's open bounds as the closed ones beside them. */
function closed(schema: JsonSchema): JsonSchema {
  if (!isSchemaObject(schema)) return schema;
  const { const: only, exclusiveMinimum: above, exclusiveMaximum: below, ...others } = schema;
  if (only !== undefined) return { ...others, enum: [only] };
  if (schema['type'] !== 'integer') return schema;
  return {
    ...others,
    ...(typeof above === 'number' && { minimum: above + 1 }),
    ...(typeof below === 'number' && { maximum: below - 1 }),
  };
}
