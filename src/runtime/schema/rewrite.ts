import { z } from 'zod';
import type { core } from 'zod';

export type Rewrite = (schema: core.$ZodType) => z.ZodType;

/** Makes a schema anew from its parts, each part once, as `one` says: it is given how the parts inside are made. A schema may hold itself. */
export function rewriteWith(one: (schema: core.$ZodTypes, inner: Rewrite) => core.$ZodType): Rewrite {
  const made = new Map<core.$ZodType, z.ZodType>();
  const rewrite: Rewrite = (schema) => {
    const known = made.get(schema);
    if (known !== undefined) return known;
    // What holds itself is looked up inside when it is used.
    made.set(
      schema,
      z.lazy(() => made.get(schema) ?? z.unknown()),
    );
    const result = one(schema as core.$ZodTypes, rewrite) as z.ZodType;
    made.set(schema, result);
    return result;
  };
  return rewrite;
}
