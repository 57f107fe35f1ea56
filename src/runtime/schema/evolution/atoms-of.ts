import { canonicalJson } from '../../digest.ts';
import { bothCodes, NO_CODE, nodeOf, type Atom, type Code, type Field, type Node, type ObjectShape, type Value } from './atom.ts';
import { bothAtoms } from './both-atoms.ts';
import { isApart } from './apart.ts';
import {
  assertions,
  isEverything,
  isSchemaObject,
  isUnderstood,
  resolveReference,
  type JsonSchema,
  type SchemaObject,
} from './json-schema.ts';
import { readNotes } from './notes.ts';
import { numberShape, textShape } from './plain-shapes.ts';

/** The kinds of values that are valid at a place, one level deep. */
export function atomsOf(node: Node): readonly Atom[] {
  return (node.memo.atoms ??= simplest(node.part ?? bothOf(node.all.map((schema) => read(schema, node.root, [])))));
}

function simplest(atoms: readonly Atom[]): readonly Atom[] {
  const everything = atoms.find(({ kind, code }) => kind === 'any' && code.checks === 0);
  return everything === undefined ? atoms : [everything];
}

/** The atoms of what all of the lists take. */
function bothOf(lists: readonly (readonly Atom[])[]): readonly Atom[] {
  const [first = [{ kind: 'any', code: NO_CODE }], ...others] = lists;
  return others.reduce((taken, list) => taken.flatMap((a) => list.flatMap((b) => bothAtoms(a, b) ?? [])), first);
}

type Reading = readonly string[];

function read(schema: JsonSchema, root: JsonSchema, references: Reading): readonly Atom[] {
  if (typeof schema === 'boolean') return schema ? [{ kind: 'any', code: NO_CODE }] : [];
  const { opaque, checks = 0, lenient = [] } = readNotes(schema['$comment']);
  const code = { checks, lenient };
  if (opaque !== undefined) return [{ kind: 'opaque', text: `z.${opaque}()`, code }];
  if (!isUnderstood(schema)) return [asText(schema, root)];
  if (schema['not'] !== undefined) return [];
  const conditions = [own(schema, root)];
  if (typeof schema['$ref'] === 'string') conditions.push(referred(schema['$ref'], root, references));
  for (const part of list(schema['allOf'])) conditions.push(read(withType(part, schema), root, references));
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (schema[keyword] === undefined) continue;
    const options = list(schema[keyword]).map((option) => read(option, root, references));
    // exactly one of several that overlap is nothing that can be compared
    conditions.push(keyword === 'anyOf' || areApart(options) ? options.flat() : [asText({ oneOf: schema[keyword] }, root)]);
  }
  return bothOf(conditions).map((atom) => ({ ...atom, code: bothCodes(atom.code, code) }));
}

function referred(reference: string, root: JsonSchema, references: Reading): readonly Atom[] {
  const found = references.includes(reference) ? undefined : resolveReference(root, reference);
  return found === undefined ? [asText({ $ref: reference }, root)] : read(found, root, [...references, reference]);
}

const list = (value: unknown): readonly JsonSchema[] => (Array.isArray(value) ? (value as readonly JsonSchema[]) : []);

/** A condition without a type is one for the values of the schema that it belongs to. */
function withType(part: JsonSchema, { type }: SchemaObject): JsonSchema {
  return isSchemaObject(part) && type !== undefined && part['type'] === undefined && part['$ref'] === undefined ? { ...part, type } : part;
}

function areApart(options: readonly (readonly Atom[])[]): boolean {
  return options.every((some, index) =>
    options.slice(index + 1).every((others) => some.every((a) => others.every((b) => isApart(a, b, atomsOf)))),
  );
}

/** References in the text mean what the document says there. */
function asText(schema: SchemaObject, root: JsonSchema): Atom {
  const text = canonicalJson(assertions(schema));
  const defs = isSchemaObject(root) && text.includes('"$ref"') ? canonicalJson(assertions(root)) + canonicalJson(root['$defs'] ?? {}) : '';
  return { kind: 'opaque', text: text + defs, code: NO_CODE };
}

const COMBINING = new Set(['$ref', 'anyOf', 'oneOf', 'allOf', 'not']);

/** What the keywords of a schema itself take, apart from those that hold other schemas for the same value. */
function own(schema: SchemaObject, root: JsonSchema): readonly Atom[] {
  const values = 'const' in schema ? [schema['const']] : schema['enum'];
  if (Array.isArray(values)) return values.map((value) => (isValue(value) ? valueAtom(value) : asText({ const: value }, root)));
  const { type } = schema;
  if (type === undefined) {
    const plain = Object.keys(assertions(schema)).every((keyword) => COMBINING.has(keyword));
    return [plain ? { kind: 'any', code: NO_CODE } : asText(schema, root)];
  }
  const types = Array.isArray(type) ? (type as readonly unknown[]) : [type];
  return types.flatMap((name) => ofType(name, schema, root));
}

const isValue = (value: unknown): value is Value => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const valueAtom = (value: Value): Atom => ({ kind: 'value', value, code: NO_CODE });

function ofType(type: unknown, schema: SchemaObject, root: JsonSchema): readonly Atom[] {
  const withCode = (shape: Omit<Atom, 'code'> | undefined): readonly Atom[] =>
    shape === undefined ? [] : [{ ...shape, code: NO_CODE satisfies Code } as Atom];
  switch (type) {
    case 'null':
      return [valueAtom(null)];
    case 'boolean':
      return [valueAtom(false), valueAtom(true)];
    case 'string':
      return withCode(textShape(schema));
    case 'number':
    case 'integer':
      return withCode(numberShape(schema, type === 'integer'));
    case 'array':
      return withCode(listShape(schema, root));
    case 'object':
      return withCode(objectShape(schema, root));
    default:
      return [asText(schema, root)];
  }
}

function listShape(schema: SchemaObject, root: JsonSchema): Omit<Atom, 'code'> | undefined {
  const {
    items,
    minItems = 0,
    maxItems = Number.POSITIVE_INFINITY,
  } = schema as Readonly<{ items?: JsonSchema; minItems?: number; maxItems?: number }>;
  const first = list(schema['prefixItems']).map((item) => nodeOf(root, item));
  const most = items === false ? Math.min(maxItems, first.length) : maxItems;
  if (minItems > most) return undefined;
  return { kind: 'list', first, rest: nodeOf(root, items ?? true), least: minItems, most } as Omit<Atom, 'code'>;
}

function objectShape(schema: SchemaObject, root: JsonSchema): ObjectShape {
  const { additionalProperties: others, propertyNames: names } = schema as Readonly<Record<string, JsonSchema | undefined>>;
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : []);
  const open = others === undefined ? true : others;
  const nameAtoms = names === undefined ? undefined : read(names, root, []);
  const listed =
    nameAtoms?.every(({ kind }) => kind === 'value') === true
      ? nameAtoms.flatMap((atom) => (atom.kind === 'value' ? [String(atom.value)] : []))
      : undefined;
  const fields = new Map<string, Field>();
  for (const name of new Set([...Object.keys(properties), ...required, ...(listed ?? [])])) {
    const node = nodeOf(root, Object.hasOwn(properties, name) ? properties[name] : open);
    fields.set(name, { node, required: required.has(name) });
  }
  // a record whose names are listed has no other fields
  if (listed !== undefined) return { kind: 'object', fields, others: 'refused', names: undefined };
  const anyName = names === undefined || (nameAtoms?.length === 1 && isAnyText(nameAtoms[0]));
  return {
    kind: 'object',
    fields,
    others: others === false ? 'refused' : isEverything(open) && names === undefined ? 'unknown' : nodeOf(root, open),
    names: anyName ? undefined : nodeOf(root, names),
  };
}

const isAnyText = (atom: Atom | undefined): boolean =>
  atom?.kind === 'text' &&
  atom.least === 0 &&
  atom.most === Number.POSITIVE_INFINITY &&
  atom.formats.length + atom.patterns.length === 0 &&
  atom.code.checks === 0;
