import type { Bound, NumberShape, TextShape } from './atom.ts';
import type { SchemaObject } from './json-schema.ts';
import { readNotes } from './notes.ts';

/** What the keywords for texts allow; undefined where that is nothing. */
export function textShape(schema: SchemaObject): TextShape | undefined {
  const { formats, patterns } = readNotes(schema['$comment']);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema as Readonly<{ minLength?: number; maxLength?: number }>;
  if (minLength > maxLength) return undefined;
  const { pattern, format } = schema as Readonly<{ pattern?: string; format?: string }>;
  const own = pattern === undefined ? [] : [pattern];
  const noted = formats !== undefined || patterns !== undefined;
  const taken = noted ? (formats ?? []) : format === undefined ? [] : [{ name: format, options: {} }];
  return {
    kind: 'text',
    least: minLength,
    most: maxLength,
    formats: taken,
    patterns: noted ? (patterns ?? []) : own.map((source) => `/${source}/`),
    tests: patterns?.some((text) => !text.endsWith('/')) === true ? undefined : own,
  };
}

/** What the keywords for numbers allow; undefined where that is nothing. */
export function numberShape(schema: SchemaObject, integer: boolean): NumberShape | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Readonly<Record<string, number | undefined>>;
  const least = higher(
    { value: minimum ?? Number.NEGATIVE_INFINITY, open: false },
    { value: exclusiveMinimum ?? Number.NEGATIVE_INFINITY, open: true },
  );
  const most = lower(
    { value: maximum ?? Number.POSITIVE_INFINITY, open: false },
    { value: exclusiveMaximum ?? Number.POSITIVE_INFINITY, open: true },
  );
  return tightened({ kind: 'number', integer, least, most, multiples: multipleOf === undefined ? [] : [multipleOf] });
}

/** The same numbers with the tightest bounds that are plain to see; undefined where there are none. */
export function tightened({ integer, least, most, multiples, kind }: NumberShape): NumberShape | undefined {
  const step = multiples.length === 1 ? multiples[0]! : integer && multiples.length === 0 ? 1 : undefined;
  const from = step === undefined ? least : onGrid(least, step, 'up');
  const to = step === undefined ? most : onGrid(most, step, 'down');
  if (from.value > to.value || (from.value === to.value && (from.open || to.open))) return undefined;
  return { kind, integer, least: from, most: to, multiples };
}

/** The nearest bound that is a number of the grid itself. Steps that are no whole numbers are left alone: their products are not exact. */
function onGrid(bound: Bound, step: number, direction: 'up' | 'down'): Bound {
  if (!Number.isFinite(bound.value) || !Number.isInteger(step)) return bound;
  const sign = direction === 'up' ? 1 : -1;
  const nearest = sign * Math.ceil((sign * bound.value) / step) * step;
  const value = nearest === bound.value && bound.open ? nearest + sign * step : nearest;
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? bound : { value: value === 0 ? 0 : value, open: false };
}

export const higher = (a: Bound, b: Bound): Bound => (a.value > b.value || (a.value === b.value && a.open) ? a : b);
export const lower = (a: Bound, b: Bound): Bound => (a.value < b.value || (a.value === b.value && a.open) ? a : b);

/** Whether every multiple of the one (of 1, for whole numbers) is one of the other. */
export function isMultiple(value: number, of: number): boolean {
  const ratio = value / of;
  return Math.abs(ratio - Math.round(ratio)) < 1e-9;
}
