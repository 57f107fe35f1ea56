/** A JSON Schema (draft 2020-12), as a document of JSON. */
export type JsonSchema = boolean | SchemaObject;
export type SchemaObject = Readonly<Record<string, unknown>>;

/** Keywords that say which values are valid, and that are understood here. */
const UNDERSTOOD = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'contentEncoding',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
]);

/** Keywords that say which values are valid, and that are compared as text only. */
const NOT_UNDERSTOOD = new Set([
  '$dynamicRef',
  '$recursiveRef',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'uniqueItems',
  'unevaluatedItems',
  'additionalItems',
  'patternProperties',
  'minProperties',
  'maxProperties',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedProperties',
]);

/** Neither what is valid nor documentation: the document itself, and what is filled in where a field is absent. */
const BOOKKEEPING = new Set(['$schema', '$id', '$defs', 'definitions', '$comment', '$anchor', '$dynamicAnchor', '$vocabulary', 'default']);

/** What only people and their tools read: titles, descriptions, and whatever else a schema carries. */
export function annotations(schema: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => isAnnotation(keyword)));
}

export const isAnnotation = (keyword: string): boolean =>
  !UNDERSTOOD.has(keyword) && !NOT_UNDERSTOOD.has(keyword) && !BOOKKEEPING.has(keyword);

/** What decides which values are valid, apart from what lies in other parts of the document. */
export function assertions(schema: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => UNDERSTOOD.has(keyword) || NOT_UNDERSTOOD.has(keyword)));
}

/** Whether a schema says something that only its text can be compared for. */
export function isUnderstood(schema: SchemaObject): boolean {
  const { not } = schema;
  return !Object.keys(schema).some((keyword) => NOT_UNDERSTOOD.has(keyword)) && (not === undefined || isEverything(not));
}

/** `{}` or `true`, annotations aside. */
export function isEverything(schema: unknown): boolean {
  return schema === true || (isSchemaObject(schema) && Object.keys(assertions(schema)).length === 0 && schema['$comment'] === undefined);
}

export const isSchemaObject = (schema: unknown): schema is SchemaObject =>
  typeof schema === 'object' && schema !== null && !Array.isArray(schema);

/** What a reference inside of a document points at: `#`, `#/$defs/…`. Undefined where it points nowhere. */
export function resolveReference(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!/^#(\/|$)/.test(reference)) return undefined;
  let found: unknown = root;
  for (const token of reference.split('/').slice(1)) {
    const name = decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return typeof found === 'boolean' || isSchemaObject(found) ? found : undefined;
}
