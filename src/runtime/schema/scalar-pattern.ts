import type { core } from 'zod';
import type { Check, Place, TextPattern } from './text-pattern.ts';

/** Characters that stand for themselves. */
const PLAIN = String.raw`[^"\\\x00-\x1f]`;
/** Of those, the ones that are a UTF-16 unit each, so that a length is the same by units and by code points. */
const UNIT = String.raw`[^"\\\x00-\x1f\ud800-\udfff]`;
/** None of a surrogate: half of a pair is no text. */
const ESCAPE = String.raw`\\(?:["\\/bfnrt]|u(?:[\dA-CEFa-cef][\da-fA-F]{3}|[dD][0-7][\da-fA-F]{2}))`;
const PLAIN_STRING = `"${PLAIN}*"`;
const STRING = `"${PLAIN}*(?:${ESCAPE}${PLAIN}*)*"`;

// Numbers stay within 2^53, where no reader rounds them, and are never minus zero, whose sign JSON.stringify drops.
const INTEGER = String.raw`(?:0|-?[1-9]\d{0,14})`;
const FRACTION = String.raw`(?:(?:0|-?[1-9]\d{0,14})(?:\.\d{1,17})?|-0\.\d{0,16}[1-9])`;
/** As JSON.stringify writes it: without zeros at its end, of no more digits than a double tells apart, and of no exponent. */
const PLAIN_NUMBER = String.raw`(?:${INTEGER}|-?[1-9]\d{0,8}\.\d{0,5}[1-9]|-?[1-9]\d{0,2}\.\d{0,11}[1-9]|-?0\.0{0,5}[1-9](?:\d{0,11}[1-9])?)`;
const NOTHING = '(?!)';
/** Any text of a scalar whose type is not told. */
export const SCALAR = `(?:${STRING}|${PLAIN_NUMBER}|true|false|null)`;

/** Formats of which zod asks no more than their pattern, none of whose characters JSON escapes. */
const FORMATS: ReadonlySet<string> = new Set(['uuid', 'guid', 'ulid', 'nanoid', 'cuid2', 'xid', 'ksuid', 'datetime', 'date', 'time']);
const WHOLE = /^\^([^]*)\$$/;
const LONGEST = 1000;

const complete = (source: string): TextPattern => ({ source, complete: true, within: [] });

export function stringPattern(checks: readonly Check[], place: Place): TextPattern {
  const [check, ...others] = checks;
  const any = place === 'column' ? STRING : PLAIN_STRING;
  if (check === undefined) return complete(any);
  const format = others.length === 0 ? formatPattern(check) : undefined;
  return format ?? lengthPattern(checks) ?? { ...complete(any), complete: false };
}

function formatPattern({ check, format, pattern, fn }: Check): TextPattern | undefined {
  if (check !== 'string_format' || fn !== undefined || !FORMATS.has(String(format))) return undefined;
  if (!(pattern instanceof RegExp) || pattern.flags !== '') return undefined;
  const inner = WHOLE.exec(pattern.source)?.[1];
  return inner === undefined ? undefined : complete(`"(?:${inner.replaceAll(/\((?!\?)/g, '(?:')})"`);
}

function lengthPattern(checks: readonly Check[]): TextPattern | undefined {
  let least = 0;
  let most: number | undefined;
  for (const { check, minimum, maximum, length } of checks) {
    if (check === 'min_length') least = Math.max(least, minimum as number);
    else if (check === 'max_length') most = Math.min(most ?? LONGEST, maximum as number);
    else if (check === 'length_equals') [least, most] = [Math.max(least, length as number), Math.min(most ?? LONGEST, length as number)];
    else return undefined;
  }
  if (![least, most ?? 0].every(Number.isSafeInteger) || least > (most ?? LONGEST)) return undefined;
  return complete(`"${UNIT}{${least},${most ?? ''}}"`);
}

export function numberPattern(checks: readonly Check[], place: Place): TextPattern {
  let any = place === 'column' ? FRACTION : PLAIN_NUMBER;
  const holds: ((value: number) => boolean)[] = [];
  for (const { check, format, value, inclusive } of checks) {
    if (check === 'number_format' && format === 'safeint') any = INTEGER;
    else if (typeof value !== 'number') return { ...complete(PLAIN_NUMBER), complete: false };
    else if (check === 'greater_than') holds.push(inclusive === true ? (number) => number >= value : (number) => number > value);
    else if (check === 'less_than') holds.push(inclusive === true ? (number) => number <= value : (number) => number < value);
    else return { ...complete(PLAIN_NUMBER), complete: false };
  }
  return holds.length === 0
    ? complete(any)
    : { source: `(${any})`, complete: true, within: [(number) => holds.every((hold) => hold(number))] };
}

/** Any of the values, as JSON writes them; without those that need an escape. */
export function literalPattern(values: readonly core.util.Primitive[]): string {
  const sources = values.flatMap((value) => {
    const written =
      typeof value === 'number' ? Number.isFinite(value) : value === null || typeof value === 'string' || typeof value === 'boolean';
    const text = written ? JSON.stringify(value) : '\\';
    return text.includes('\\') ? [] : [text.replaceAll(/[$()*+./?[\]^{|}-]/g, String.raw`\$&`)];
  });
  return sources.length === 0 ? NOTHING : `(?:${sources.join('|')})`;
}
