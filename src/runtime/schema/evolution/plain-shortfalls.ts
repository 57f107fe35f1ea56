import type { Atom, AtomOf } from './atom.ts';
import { coversFormat, formatInWords, lengthOfFormat } from './formats.ts';
import { both } from './in-words.ts';
import { numbersOf } from './parts-of.ts';
import { isMultiple } from './plain-shapes.ts';
import type { Reason } from './reason.ts';
import { refusesEmpty, takesValue } from './takes-value.ts';

/** Why not every text or number of one kind is of the other. */
export function plainShortfalls(narrow: Atom, wide: Atom, path: string): readonly Reason[] {
  if (narrow.kind === 'text' && wide.kind === 'text') return textShortfalls(narrow, wide, path);
  if (narrow.kind !== 'number' || wide.kind !== 'number') return [];
  const reasons = numberShortfalls(narrow, wide, path);
  // of a few numbers it may be that the bounds differ and none of them lies in between
  const few = numbersOf(narrow);
  return few.every((number) => number.kind === 'value' && takesValue(wide, number) === 'yes') ? [] : reasons;
}

function textShortfalls(narrow: AtomOf<'text'>, wide: AtomOf<'text'>, path: string): readonly Reason[] {
  const patterns = wide.patterns.filter((pattern) => !narrow.patterns.includes(pattern));
  const formats = wide.formats.filter((format) => !narrow.formats.some((own) => coversFormat(format, own)));
  return [
    ...lengthShortfalls(lengthsOf(narrow), wide, { path, unit: 'character' }),
    ...patterns.map((pattern) => patternShortfall(pattern, narrow, path)),
    ...formats.map((format) => ({
      path,
      kind: 'format' as const,
      refuses: `must be of the format ${formatInWords(format)}`,
      allows: `need not be of the format ${formatInWords(format)}`,
    })),
  ];
}

/** What one pattern takes another may take too: that is not for anybody to say. */
function patternShortfall(pattern: string, { patterns, formats }: AtomOf<'text'>, path: string): Reason {
  const [refuses, allows] = [`must match ${pattern}`, `need not match ${pattern}`];
  const others = [...patterns, ...formats.map(formatInWords)];
  if (others.length === 0) return { path, kind: 'pattern', refuses, allows };
  const unsure = `: cannot be compared with ${both(others)}`;
  return { path, kind: 'incomparable', refuses: refuses + unsure, allows: allows + unsure };
}

/** The lengths that texts of a kind can have, as far as formats and patterns tell. */
function lengthsOf(atom: AtomOf<'text'>): Lengths {
  const lengths = atom.formats.map(lengthOfFormat);
  const empty = atom.patterns.some(refusesEmpty) ? 'no' : takesValue({ ...atom, least: 0 }, { kind: 'value', value: '', code: atom.code });
  return {
    least: Math.max(atom.least, empty === 'no' ? 1 : 0, ...lengths.map(({ least }) => least)),
    most: Math.min(atom.most, ...lengths.map(({ most }) => most)),
  };
}

export interface Lengths {
  readonly least: number;
  readonly most: number;
}

export function lengthShortfalls(
  narrow: Lengths,
  wide: Lengths,
  { path, unit }: { readonly path: string; readonly unit: string },
): readonly Reason[] {
  const units = (count: number) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  const length = (refuses: string, allows: string): Reason => ({ path, kind: 'length', refuses, allows });
  return [
    ...(wide.least > narrow.least ? [length(`must have at least ${units(wide.least)}`, `may have fewer than ${units(wide.least)}`)] : []),
    ...(wide.most < narrow.most ? [length(`must have at most ${units(wide.most)}`, `may have more than ${units(wide.most)}`)] : []),
  ];
}

function numberShortfalls(narrow: AtomOf<'number'>, wide: AtomOf<'number'>, path: string): readonly Reason[] {
  const whole = narrow.integer || narrow.multiples.some(Number.isInteger);
  const reasons: Reason[] = [];
  const steps = whole ? [1, ...narrow.multiples] : narrow.multiples;
  // that whole numbers end where they are no longer exact need not be said
  const isSaid = (bound: number) => whole || !wide.integer || Math.abs(bound) !== Number.MAX_SAFE_INTEGER;
  if (wide.integer && !whole) reasons.push({ path, kind: 'type', refuses: 'must be a whole number', allows: 'may have a fraction' });
  const { least, most } = wide;
  if (
    (least.value > narrow.least.value || (least.value === narrow.least.value && least.open && !narrow.least.open)) &&
    isSaid(least.value)
  ) {
    const words = least.open ? `more than ${least.value}` : `at least ${least.value}`;
    reasons.push({ path, kind: 'range', refuses: `must be ${words}`, allows: `need not be ${words}` });
  }
  if ((most.value < narrow.most.value || (most.value === narrow.most.value && most.open && !narrow.most.open)) && isSaid(most.value)) {
    const words = most.open ? `less than ${most.value}` : `at most ${most.value}`;
    reasons.push({ path, kind: 'range', refuses: `must be ${words}`, allows: `need not be ${words}` });
  }
  for (const multiple of wide.multiples) {
    if (steps.some((step) => isMultiple(step, multiple))) continue;
    reasons.push({ path, kind: 'multiple', refuses: `must be a multiple of ${multiple}`, allows: `need not be a multiple of ${multiple}` });
  }
  return reasons;
}
