import {
  isEverything,
  isSchemaObject,
  resolveReference,
  type JsonSchema,
  type SchemaObject,
} from '../../runtime/schema/evolution/json-schema.ts';

/** One field of a record, however deep. */
export interface Field {
  /** As `device.os`, `tags[]`, `(play).song_id`; empty for the record itself. */
  readonly path: string;
  readonly type: string;
  /** May be left out. */
  readonly optional: boolean;
  /** The values, as JSON, or the limits that it keeps to. */
  readonly allowed: readonly Allowed[];
  readonly description: string;
}

export type Allowed = { readonly value: string } | { readonly limit: string };

/** The fields of what a JSON Schema describes, in its order. */
export function fieldsOf(schema: JsonSchema): readonly Field[] {
  return walk({ schema, root: schema, path: '', optional: false, seen: [] });
}

interface Place {
  readonly schema: unknown;
  readonly root: JsonSchema;
  readonly path: string;
  readonly optional: boolean;
  /** References on the way here: a schema may hold itself. */
  readonly seen: readonly string[];
}

function walk(place: Place): readonly Field[] {
  const { path, optional, root } = place;
  const { schema, seen, isRepeated } = resolved(place);
  const inner = { root, seen };
  const own: Field = {
    path,
    type: typeOf(schema, root),
    optional,
    allowed: allowedOf(schema),
    description: typeof schema['description'] === 'string' ? schema['description'] : '',
  };
  const shown = path === '' ? [] : [own];
  if (isRepeated) return shown;
  const options = alternatives(schema);
  if (options.length > 1 && options.some((option) => isSchemaObject(option) && option['properties'] !== undefined))
    return [
      ...shown,
      ...options.flatMap((option, index) =>
        walk({ ...inner, schema: option, path: join(path, `(${nameOf(option, index)})`), optional: false }),
      ),
    ];
  const [only] = options;
  const body = options.length === 1 && isSchemaObject(only) ? resolved({ ...place, schema: only }).schema : schema;
  const { properties, required, items, prefixItems, additionalProperties } = body;
  const needed = new Set(Array.isArray(required) ? (required as readonly unknown[]) : []);
  return [
    ...shown,
    ...(isSchemaObject(properties)
      ? Object.entries(properties).flatMap(([name, field]) =>
          walk({ ...inner, schema: field, path: join(path, name), optional: !needed.has(name) }),
        )
      : []),
    ...(Array.isArray(prefixItems)
      ? prefixItems.flatMap((item: unknown, index) => walk({ ...inner, schema: item, path: `${path}[${index}]`, optional: false }))
      : []),
    ...(isSchemaObject(items) ? below({ ...inner, schema: items, path: `${path}[]`, optional: false }) : []),
    ...(isSchemaObject(additionalProperties)
      ? below({ ...inner, schema: additionalProperties, path: join(path, '*'), optional: true })
      : []),
  ];
}

/** What is in a list or a map; of itself only what its type does not say. */
function below(place: Place): readonly Field[] {
  const [item, ...fields] = walk(place);
  return item === undefined || (item.path === place.path && item.allowed.length === 0 && item.description === '')
    ? fields
    : [item, ...fields];
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function resolved({ schema, root, seen }: Place): {
  readonly schema: SchemaObject;
  readonly seen: readonly string[];
  readonly isRepeated: boolean;
} {
  if (!isSchemaObject(schema)) return { schema: {}, seen, isRepeated: false };
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return { schema, seen, isRepeated: false };
  const target = resolveReference(root, reference);
  const merged = { ...(isSchemaObject(target) ? target : {}), ...schema };
  return { schema: merged, seen: [...seen, reference], isRepeated: seen.includes(reference) };
}

/** What it may be apart from null. */
function alternatives(schema: SchemaObject): readonly unknown[] {
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(options)) return Array.isArray(schema['allOf']) ? (schema['allOf'] as readonly unknown[]) : [];
  return options.filter((option: unknown) => !(isSchemaObject(option) && option['type'] === 'null'));
}

/** An alternative by the first value that it fixes. */
function nameOf(option: unknown, index: number): string {
  const properties = isSchemaObject(option) && isSchemaObject(option['properties']) ? Object.values(option['properties']) : [];
  const fixed = properties.find((field) => isSchemaObject(field) && field['const'] !== undefined);
  return isSchemaObject(fixed) ? String(fixed['const']) : String(index + 1);
}

function typeOf(schema: SchemaObject, root: JsonSchema): string {
  const { type, format, items, additionalProperties, anyOf, oneOf, allOf } = schema;
  const options = anyOf ?? oneOf;
  if (Array.isArray(options))
    return [
      ...new Set(
        options.map((option: unknown) => typeOf(resolved({ schema: option, root, path: '', optional: false, seen: [] }).schema, root)),
      ),
    ].join(' or ');
  const [name] = Array.isArray(allOf) ? (allOf as readonly unknown[]) : [];
  if (type === undefined && isSchemaObject(name)) return typeOf(name, root);
  const inside = (inner: unknown): string => {
    const of = resolved({ schema: inner, root, path: '', optional: false, seen: [] }).schema;
    return isEverything(of) ? '' : ` of ${typeOf(of, root)}`;
  };
  if (type === 'array') return `array${inside(items)}`;
  if (type === 'object' && schema['properties'] === undefined) return `object${inside(additionalProperties)}`;
  if (typeof type === 'string') return typeof format === 'string' ? `${type} (${format})` : type;
  if (Array.isArray(type)) return type.join(' or ');
  const values = [...((schema['enum'] as readonly unknown[] | undefined) ?? []), ...('const' in schema ? [schema['const']] : [])];
  return values.length === 0 ? 'anything' : [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))].join(' or ');
}

function allowedOf(schema: SchemaObject): readonly Allowed[] {
  const own = { ...schema };
  const options = [schema['anyOf'] ?? schema['oneOf'] ?? []].flat() as readonly unknown[];
  const others = options.filter(isSchemaObject).filter(({ type }) => type !== 'null');
  const values = [own, ...others].flatMap((one) => [
    ...((one['enum'] as readonly unknown[] | undefined) ?? []),
    ...('const' in one ? [one['const']] : []),
  ]);
  if (values.length > 0) return values.map((value) => ({ value: JSON.stringify(value) }));
  return [own, ...(others.length === 1 ? others : [])].flatMap(limitsOf);
}

function limitsOf(schema: SchemaObject): readonly Allowed[] {
  const number = (keyword: string): number | undefined => {
    const value = schema[keyword];
    return typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER ? value : undefined;
  };
  const limit = (keyword: string, words: string): readonly Allowed[] => {
    const value = number(keyword);
    return value === undefined ? [] : [{ limit: words.replace('#', String(value)) }];
  };
  const size = (least: string, most: string, unit: string): readonly Allowed[] =>
    number(least) !== undefined && number(least) === number(most)
      ? limit(least, `# ${unit}`)
      : [...limit(least, `# or more ${unit}`), ...limit(most, `# or fewer ${unit}`)];
  return [
    ...limit('minimum', '≥ #'),
    ...limit('exclusiveMinimum', 'more than #'),
    ...limit('maximum', '≤ #'),
    ...limit('exclusiveMaximum', 'less than #'),
    ...limit('multipleOf', 'a multiple of #'),
    ...size('minLength', 'maxLength', 'characters'),
    ...size('minItems', 'maxItems', 'items'),
  ];
}
