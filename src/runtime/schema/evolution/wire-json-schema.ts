import { z } from 'zod';
import type { core } from 'zod';
import { canonicalJson, digest } from '../../digest.ts';
import { isAnnotation, isSchemaObject, type JsonSchema } from './json-schema.ts';
import { notesOf, readNotes, withNotes, type Notes } from './notes.ts';

/** What zod calls a format and JSON Schema does not. */
const NO_FORMAT = new Set(['includes', 'starts_with', 'ends_with', 'regex', 'lowercase', 'uppercase']);

/**
 * The JSON Schema of what lies on the wire: the input side of a zod schema. What JSON Schema has no words for is left open, and is noted in
 * `$comment` so that two schemas can be compared.
 */
export function wireJsonSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const comment = withNotes(jsonSchema.$comment, joined(readNotes(jsonSchema.$comment), notesOf(zodSchema)));
      if (comment === undefined) delete jsonSchema.$comment;
      else jsonSchema.$comment = comment;
      if (jsonSchema.format !== undefined && NO_FORMAT.has(jsonSchema.format)) delete jsonSchema.format;
      if ('default' in jsonSchema && !isConstant(zodSchema)) delete jsonSchema.default;
    },
  });
  return JSON.parse(JSON.stringify(json)) as JsonSchema;
}

/** A wrapper has the notes of what it wraps beside its own. */
function joined(inner: Notes, own: Notes): Notes {
  const checks = (inner.checks ?? 0) + (own.checks ?? 0);
  const lenient = [...new Set([...(inner.lenient ?? []), ...(own.lenient ?? [])])];
  return { ...inner, ...own, ...(checks > 0 && { checks }), ...(lenient.length > 0 && { lenient }) };
}

/** Whether a default is the same each time that it is asked for: one that is made anew says nothing. */
function isConstant(schema: core.$ZodType): boolean {
  const { def } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'default':
    case 'prefault':
      return canonicalJson(def.defaultValue) === canonicalJson(def.defaultValue);
    default:
      return def.type !== 'catch';
  }
}

/** Equal for two schemas that take the same values in the same words, whatever the order of their fields. Defaults do not count. */
export function schemaFingerprint(schema: JsonSchema): string {
  return digest(canonicalJson(inOrder(schema, isLeftOut)));
}

/** The same of what decides which values are valid alone: however the schema and its fields are described. */
export function valuesFingerprint(schema: JsonSchema): string {
  return digest(canonicalJson(inOrder(schema, (keyword) => isLeftOut(keyword) || isAnnotation(keyword))));
}

const UNORDERED = new Set(['required', 'enum', 'type']);
const isLeftOut = (keyword: string): boolean => keyword === 'default' || keyword === '$schema';

function inOrder(value: unknown, leavesOut: (keyword: string) => boolean, keyword?: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOrder(item, leavesOut));
    return keyword !== undefined && UNORDERED.has(keyword)
      ? items.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
      : items;
  }
  if (!isSchemaObject(value)) return value;
  // fields may have the names of keywords
  const named = keyword === 'properties' || keyword === '$defs';
  const kept = Object.entries(value).filter(([name]) => named || !leavesOut(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, inOrder(inner, leavesOut, named ? undefined : name)]));
}
