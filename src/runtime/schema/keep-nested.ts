import { z } from 'zod';
import type { core } from 'zod';
import { rewriteWith, type Rewrite } from './rewrite.ts';

/**
 * The same schema, which takes the same values, but for fields of objects inside that it does not know: parsing leaves those where they are. At the top
 * nothing changes. In intersections nothing does either: both sides would have to agree on what is left.
 */
export function keepNested(schema: z.ZodObject): z.ZodObject {
  return withShape(schema, rewriteWith(keepOne)) as z.ZodObject;
}

function keepOne(schema: core.$ZodTypes, inner: Rewrite): core.$ZodType {
  const { def } = schema._zod;
  switch (def.type) {
    case 'object': {
      const object = withShape(schema, inner);
      return def.catchall === undefined ? changed(object, { catchall: z.unknown() }) : object;
    }
    case 'array':
      return changed(schema, { element: inner(def.element) });
    case 'tuple':
      return changed(schema, { items: def.items.map(inner), rest: def.rest && inner(def.rest) });
    case 'record':
      return changed(schema, { valueType: inner(def.valueType) });
    case 'union':
      return changed(schema, { options: def.options.map(inner) });
    case 'lazy':
      return z.lazy(() => inner((schema as core.$ZodLazy)._zod.innerType));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return changed(schema, { innerType: inner(def.innerType) });
    default:
      return schema;
  }
}

function withShape(schema: core.$ZodType, inner: Rewrite): core.$ZodType {
  const { shape } = (schema as core.$ZodObject)._zod.def;
  return changed(schema, { shape: Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, inner(field)])) });
}

/** A schema with other parts, and with its own checks; a default that is made anew each time stays so. */
function changed(schema: core.$ZodType, parts: Readonly<Record<string, unknown>>): core.$ZodType {
  const { def } = schema._zod;
  const same = Object.entries(parts).every(([name, part]) => isSame((def as unknown as Readonly<Record<string, unknown>>)[name], part));
  if (same) return schema;
  const other = Object.defineProperties({}, Object.getOwnPropertyDescriptors(def));
  for (const [name, value] of Object.entries(parts)) Object.defineProperty(other, name, { value, enumerable: true, configurable: true });
  return z.core.clone(schema, other as typeof def);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null || '_zod' in a || '_zod' in b) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([name, part]) => right.get(name) === part);
}
