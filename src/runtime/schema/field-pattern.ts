import type { core } from 'zod';

/** How the JSON text of a field may look. It is stricter than the schema: what does not match may still be valid. */
export interface FieldPattern {
  /** Source of a regular expression, without capturing groups, for texts that `JSON.stringify` could have written, or that any reader takes for the same number. */
  readonly source: string;
  /** Whether whatever matches is valid, and stays as it is when it is parsed; otherwise the schema itself has to look. */
  readonly complete: boolean;
  /** What a number must also hold. */
  readonly within?: (value: number) => boolean;
}

/** Without an escape: a text that has one is left to a parser. */
const CHARACTER = String.raw`[^"\\\x00-\x1f]`;
/** One UTF-16 unit each, so that a length is the same by units and by code points. */
const UNIT = String.raw`[^"\\\x00-\x1f\ud800-\udfff]`;
/** Within 2^53, so that no reader rounds it; no minus zero, whose sign JSON.stringify drops. */
const INTEGER = String.raw`(?:0|-?[1-9]\d{0,14})`;
const NUMBER = String.raw`(?:0|-?[1-9]\d{0,14}(?:\.\d{0,16}[1-9])?|-?0\.\d{0,16}[1-9])`;
const STRING = `"${CHARACTER}*"`;
const NOTHING = '(?!)';
const SCALAR = `(?:${STRING}|${NUMBER}|true|false|null)`;

/** Formats of which zod asks no more than their pattern, none of whose characters JSON escapes. */
const FORMATS: ReadonlySet<string> = new Set(['uuid', 'guid', 'ulid', 'nanoid', 'cuid2', 'xid', 'ksuid', 'datetime', 'date', 'time']);
const WHOLE = /^\^([^]*)\$$/;
const LONGEST = 1000;

/** The pattern of a field that holds a scalar; undefined for one that holds objects or lists. */
export function fieldPattern(schema: core.$ZodType): FieldPattern | undefined {
  const { def, values } = (schema as core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return def.coerce === true ? unsettled(SCALAR) : stringPattern(checksOf(def));
    case 'number':
      return def.coerce === true ? unsettled(SCALAR) : numberPattern(checksOf(def));
    case 'boolean':
      return def.coerce === true ? unsettled(SCALAR) : settled('(?:true|false)', def);
    case 'null':
      return settled('null', def);
    case 'enum':
    case 'literal':
      return settled(oneOf([...(values ?? [])].flatMap((value) => literalSource(value))), def);
    case 'nullable':
      return wrapped(def, (inner) => ({ ...inner, source: `(?:${inner.source}|null)` }));
    case 'optional':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
      return wrapped(def, (inner) => inner);
    case 'object':
    case 'array':
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

const unsettled = (source: string): FieldPattern => ({ source, complete: false });

const settled = (source: string, def: core.$ZodTypeDef): FieldPattern => ({ source, complete: checksOf(def).length === 0 });

function wrapped(
  def: core.$ZodTypeDef & { readonly innerType: core.$ZodType },
  wrap: (inner: FieldPattern) => FieldPattern,
): FieldPattern | undefined {
  const inner = fieldPattern(def.innerType);
  return inner && wrap(checksOf(def).length === 0 ? inner : { ...inner, complete: false });
}

type Check = Partial<core.$ZodCheckDef> & { readonly [name: string]: unknown };

/** The checks of a schema; that of a format such as `z.uuid()` is its own definition. */
function checksOf(def: core.$ZodTypeDef): readonly Check[] {
  const own = 'check' in def ? [def as unknown as Check] : [];
  return [...own, ...(def.checks ?? []).map(({ _zod }) => _zod.def as unknown as Check)];
}

function stringPattern(checks: readonly Check[]): FieldPattern {
  const [check, ...others] = checks;
  if (check === undefined) return { source: STRING, complete: true };
  if (others.length > 0) return lengthPattern(checks) ?? unsettled(STRING);
  return formatPattern(check) ?? lengthPattern(checks) ?? unsettled(STRING);
}

function formatPattern({ check, format, pattern, fn }: Check): FieldPattern | undefined {
  if (check !== 'string_format' || fn !== undefined || !FORMATS.has(String(format))) return undefined;
  if (!(pattern instanceof RegExp) || pattern.flags !== '') return undefined;
  const inner = WHOLE.exec(pattern.source)?.[1];
  return inner === undefined ? undefined : { source: `"(?:${inner.replaceAll(/\((?!\?)/g, '(?:')})"`, complete: true };
}

function lengthPattern(checks: readonly Check[]): FieldPattern | undefined {
  let least = 0;
  let most: number | undefined;
  for (const { check, minimum, maximum, length } of checks) {
    if (check === 'min_length') least = Math.max(least, minimum as number);
    else if (check === 'max_length') most = Math.min(most ?? LONGEST, maximum as number);
    else if (check === 'length_equals') [least, most] = [Math.max(least, length as number), Math.min(most ?? LONGEST, length as number)];
    else return undefined;
  }
  if (![least, most ?? 0].every(Number.isSafeInteger) || least > (most ?? LONGEST)) return undefined;
  return { source: `"${UNIT}{${least},${most ?? ''}}"`, complete: true };
}

function numberPattern(checks: readonly Check[]): FieldPattern {
  let integer = false;
  const holds: ((value: number) => boolean)[] = [];
  for (const { check, format, value, inclusive } of checks) {
    if (check === 'number_format' && format === 'safeint') integer = true;
    else if (typeof value !== 'number') return unsettled(NUMBER);
    else if (check === 'greater_than') holds.push(inclusive === true ? (number) => number >= value : (number) => number > value);
    else if (check === 'less_than') holds.push(inclusive === true ? (number) => number <= value : (number) => number < value);
    else return unsettled(NUMBER);
  }
  return {
    source: integer ? INTEGER : NUMBER,
    complete: true,
    ...(holds.length > 0 && { within: (number: number) => holds.every((hold) => hold(number)) }),
  };
}

const oneOf = (sources: readonly string[]): string => (sources.length === 0 ? NOTHING : `(?:${sources.join('|')})`);

/** A value as JSON writes it; none that needs an escape. */
function literalSource(value: core.util.Primitive): readonly string[] {
  if (typeof value === 'number' ? !Number.isFinite(value) : value !== null && typeof value !== 'string' && typeof value !== 'boolean')
    return [];
  const text = JSON.stringify(value);
  return text.includes('\\') ? [] : [text.replaceAll(/[$()*+./?[\]^{|}-]/g, String.raw`\$&`)];
}
