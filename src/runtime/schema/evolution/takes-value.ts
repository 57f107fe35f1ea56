import type { Atom, AtomOf, Code, NumberShape, TextShape, Value } from './atom.ts';
import { isMultiple } from './plain-shapes.ts';

export type Verdict = 'yes' | 'no' | 'unsure';

/** Whether a value is of a kind. Unsure where code decides, or a format that has no pattern. */
export function takesValue(atom: Atom, { value, code }: AtomOf<'value'>): Verdict {
  const verdict = byShape(atom, value);
  return verdict === 'yes' && !isWithin(code, atom.code) ? 'unsure' : verdict;
}

/** Whether all that one piece of code lets pass passes the other too, as far as that is known. */
export const isWithin = (narrow: Code, wide: Code): boolean =>
  wide.checks <= narrow.checks && narrow.lenient.every((why) => wide.lenient.includes(why));

function byShape(atom: Atom, value: Value): Verdict {
  switch (atom.kind) {
    case 'any':
      return 'yes';
    case 'value':
      return atom.value === value ? 'yes' : 'no';
    case 'text':
      return typeof value === 'string' ? textVerdict(atom, value) : 'no';
    case 'number':
      return typeof value === 'number' && takesNumber(atom, value) ? 'yes' : 'no';
    case 'list':
    case 'object':
      return 'no';
    case 'opaque':
      return 'unsure';
  }
}

function textVerdict({ least, most, formats, tests }: TextShape, value: string): Verdict {
  if (value.length < least || value.length > most) return 'no';
  if (tests === undefined || !formats.every(({ name }) => DECIDED_BY_PATTERN.has(name))) return 'unsure';
  const verdicts = tests.map((source) => matches(source, value));
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unsure') ? 'unsure' : 'yes';
}

/** Formats of zod whose pattern says all: the others also run code, or a pattern with flags. */
const DECIDED_BY_PATTERN = new Set([
  'guid',
  'uuid',
  'email',
  'nanoid',
  'cuid',
  'cuid2',
  'ulid',
  'xid',
  'ksuid',
  'datetime',
  'date',
  'time',
  'duration',
  'ipv4',
  'cidrv4',
  'mac',
  'e164',
]);

/** Whether a pattern, as `/…/i`, certainly does not match a text without characters. */
export function refusesEmpty(pattern: string): boolean {
  const end = pattern.lastIndexOf('/');
  return matches(pattern.slice(1, end), '', pattern.slice(end + 1)) === 'no';
}

function matches(source: string, value: string, flags = ''): Verdict {
  try {
    return new RegExp(source, flags).test(value) ? 'yes' : 'no';
  } catch {
    return 'unsure'; // a pattern in a dialect that is not JavaScript's
  }
}

function takesNumber({ integer, least, most, multiples }: NumberShape, value: number): boolean {
  if (integer && !Number.isInteger(value)) return false;
  if (value < least.value || (value === least.value && least.open)) return false;
  if (value > most.value || (value === most.value && most.open)) return false;
  return multiples.every((step) => isMultiple(value, step));
}
