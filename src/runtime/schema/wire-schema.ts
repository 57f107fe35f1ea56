import { z } from 'zod';
import type { core } from 'zod';
import { rewriteWith, type Rewrite } from './rewrite.ts';

/**
 * The schema of what lies at rest: the input side, with defaults applied. A schema without codecs and transforms is its own wire schema;
 * any other is rebuilt from its input sides and still runs the whole schema once, so that its refinements hold.
 */
export function wireSchema(schema: z.ZodObject): z.ZodObject {
  if (isPlain(schema)) return schema;
  return (rebuild(schema) as z.ZodObject).superRefine((row, context) => {
    const result = schema.safeParse(row);
    for (const { path, message } of result.error?.issues ?? []) context.addIssue({ code: 'custom', path: [...path], message });
  });
}

function children(schema: core.$ZodType): readonly core.$ZodType[] {
  const { def } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return [...Object.values(def.shape), ...(def.catchall === undefined ? [] : [def.catchall])];
    case 'array':
      return [def.element];
    case 'tuple':
      return [...def.items, ...(def.rest === null ? [] : [def.rest])];
    case 'record':
      return [def.keyType, def.valueType];
    case 'union':
      return def.options;
    case 'intersection':
      return [def.left, def.right];
    case 'lazy':
      return [(schema as core.$ZodLazy)._zod.innerType];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return [def.innerType];
    default:
      return [];
  }
}

/** Whether parsing gives the input side again: there is no pipe anywhere inside. */
function isPlain(schema: core.$ZodType, seen: Set<core.$ZodType> = new Set()): boolean {
  if (seen.has(schema)) return true;
  seen.add(schema);
  const { type } = (schema as core.$ZodTypes)._zod.def;
  return type !== 'pipe' && type !== 'transform' && children(schema).every((child) => isPlain(child, seen));
}

const rebuild = (schema: core.$ZodType): z.ZodType => rewriteWith((one, wire) => (isPlain(one) ? one : rebuildOne(one, wire)))(schema);

function rebuildOne(schema: core.$ZodTypes, wire: Rewrite): z.ZodType {
  const { def } = schema._zod;
  switch (def.type) {
    case 'pipe':
      return wire(def.in);
    case 'transform':
      return z.unknown();
    case 'object': {
      const shape = Object.fromEntries(Object.entries(def.shape).map(([name, field]) => [name, wire(field)]));
      return def.catchall === undefined ? z.object(shape) : z.object(shape).catchall(wire(def.catchall));
    }
    case 'array':
      return z.array(wire(def.element));
    case 'tuple':
      return def.rest === null ? z.tuple(def.items.map(wire) as [z.ZodType]) : z.tuple(def.items.map(wire) as [z.ZodType], wire(def.rest));
    case 'record':
      return z.record(wire(def.keyType) as z.ZodString, wire(def.valueType));
    case 'union':
      return z.union(def.options.map(wire));
    case 'intersection':
      return z.intersection(wire(def.left), wire(def.right));
    case 'lazy':
      return z.lazy(() => wire((schema as core.$ZodLazy)._zod.innerType));
    case 'optional':
      return wire(def.innerType).optional();
    case 'nullable':
      return wire(def.innerType).nullable();
    case 'default':
      return wire(def.innerType).default(() => z.encode(def.innerType as z.ZodType<unknown, unknown>, def.defaultValue));
    case 'prefault':
      return wire(def.innerType).prefault(() => def.defaultValue);
    case 'nonoptional':
      return z.nonoptional(wire(def.innerType));
    case 'readonly':
      return wire(def.innerType).readonly();
    case 'catch':
      return wire(def.innerType);
    default:
      return schema as unknown as z.ZodType;
  }
}
