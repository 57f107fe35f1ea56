import type { core } from 'zod';
import { literalPattern, numberPattern, SCALAR, stringPattern } from './scalar-pattern.ts';

/** How the JSON text of a value may look. It is stricter than the schema: what does not match may still be valid. */
export interface TextPattern {
  /** Source of a regular expression, with a capturing group for each of `within`. */
  readonly source: string;
  /** Whether whatever matches is valid, and stays as it is when it is parsed; otherwise the schema itself has to look. */
  readonly complete: boolean;
  /** What the number in each group must hold, in their order; a group without a number holds it. */
  readonly within: readonly ((value: number) => boolean)[];
}

/**
 * Where a text stands. As a column, it may be spelled in any way that readers take for the same value; inside a column of JSON, which keeps the text itself,
 * only as `JSON.stringify` writes it.
 */
export type Place = 'column' | 'json';

/** The pattern of a field's text; undefined where none can tell enough. `around` are the schemas that it is inside of. */
export function textPattern(
  schema: core.$ZodType,
  place: Place = 'column',
  around: readonly core.$ZodType[] = [],
): TextPattern | undefined {
  if (around.includes(schema)) return undefined;
  const inside = [...around, schema];
  const { def, values } = (schema as core.$ZodTypes)._zod;
  const checks = checksOf(def);
  const settled = (source: string) => ({ source, complete: checks.length === 0, within: [] });
  switch (def.type) {
    case 'string':
      return def.coerce === true ? unsettled(SCALAR) : stringPattern(checks, place);
    case 'number':
      return def.coerce === true ? unsettled(SCALAR) : numberPattern(checks, place);
    case 'boolean':
      return def.coerce === true ? unsettled(SCALAR) : settled('(?:true|false)');
    case 'null':
      return settled('null');
    case 'enum':
    case 'literal':
      return settled(literalPattern([...(values ?? [])]));
    case 'nullable':
      return wrapped(textPattern(def.innerType, place, inside), checks, (source) => `(?:${source}|null)`);
    case 'optional':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
      return wrapped(textPattern(def.innerType, place, inside), checks, (source) => source);
    case 'object':
      return checks.length > 0 ? undefined : objectPattern(def.shape, inside);
    case 'array':
      return checks.length > 0 ? undefined : listPattern(textPattern(def.element, 'json', inside));
    case 'tuple':
    case 'record':
    case 'map':
    case 'set':
    case 'intersection':
    case 'any':
    case 'unknown':
      return undefined;
    default:
      return unsettled(SCALAR);
  }
}

const unsettled = (source: string): TextPattern => ({ source, complete: false, within: [] });

function wrapped(inner: TextPattern | undefined, checks: readonly Check[], wrap: (source: string) => string): TextPattern | undefined {
  return inner && { ...inner, source: wrap(inner.source), complete: inner.complete && checks.length === 0 };
}

export type Check = Partial<core.$ZodCheckDef> & { readonly [name: string]: unknown };

/** The checks of a schema; that of a format such as `z.uuid()` is its own definition. */
function checksOf(def: core.$ZodTypeDef): readonly Check[] {
  const own = 'check' in def ? [def as unknown as Check] : [];
  return [...own, ...(def.checks ?? []).map(({ _zod }) => _zod.def as unknown as Check)];
}

/** Behind a member: a comma and one more, or the end. */
const NEXT = String.raw`(?:,(?!\})|(?=\}))`;

/** The members in the order of the schema, which is that in which validation writes them. */
function objectPattern(shape: Readonly<Record<string, core.$ZodType>>, inside: readonly core.$ZodType[]): TextPattern | undefined {
  const members: string[] = [];
  const within: TextPattern['within'][number][] = [];
  for (const [name, field] of Object.entries(shape)) {
    const value = textPattern(field, 'json', inside);
    if (value?.complete !== true || !isPlainName(name)) return undefined;
    const member = `"${name}":${value.source}${NEXT}`;
    members.push((field as core.$ZodTypes)._zod.def.type === 'optional' ? `(?:${member})?` : member);
    within.push(...value.within);
  }
  return { source: String.raw`\{${members.join('')}\}`, complete: true, within };
}

function listPattern(value: TextPattern | undefined): TextPattern | undefined {
  // a group that is repeated tells of its last number alone
  if (value?.complete !== true || value.within.length > 0) return undefined;
  return { source: String.raw`\[(?:${value.source}(?:,${value.source})*)?\]`, complete: true, within: [] };
}

/** Whether a name is written as it is, and its place among others is where it was put. */
export const isPlainName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__';
