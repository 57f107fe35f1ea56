import { z } from 'zod';
import type { core } from 'zod';

/**
 * The same schema, which takes the same values, but for fields of objects inside that it does not know: parsing leaves those where they are. At the top
 * nothing changes. In intersections nothing does either: both sides would have to agree on what is left.
 */
export function keepNested(schema: z.ZodObject): z.ZodObject {
  return withShape(schema, new Map()) as z.ZodObject;
}

type Built = Map<core.$ZodType, core.$ZodType>;

function keep(schema: core.$ZodType, built: Built): core.$ZodType {
  const known = built.get(schema);
  if (known !== undefined) return known;
  // a schema may hold itself: inside, it is looked up when it is used
  built.set(
    schema,
    z.lazy(() => (built.get(schema) ?? schema) as z.ZodType),
  );
  const kept = keepOne(schema as core.$ZodTypes, built);
  built.set(schema, kept);
  return kept;
}

function keepOne(schema: core.$ZodTypes, built: Built): core.$ZodType {
  const { def } = schema._zod;
  const inner = (child: core.$ZodType) => keep(child, built);
  switch (def.type) {
    case 'object': {
      const object = withShape(schema, built);
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
      return z.lazy(() => inner((schema as core.$ZodLazy)._zod.innerType) as z.ZodType);
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

function withShape(schema: core.$ZodType, built: Built): core.$ZodType {
  const { shape } = (schema as core.$ZodObject)._zod.def;
  return changed(schema, { shape: Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, keep(field, built)])) });
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
