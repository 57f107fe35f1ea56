import type { Atom, AtomOf } from './atom.ts';
import { isApart } from './apart.ts';
import { atomsOf } from './atoms-of.ts';
import { takesValue } from './takes-value.ts';

/** The most parts that something is taken apart into. */
const MOST = 64;

/**
 * The same values in smaller parts, so that each may be of one of the candidates where the whole is of several: a short range of whole numbers
 * as its numbers, an object by the values of a field that tells the candidates apart. One part where there is no such way.
 */
export function partsOf(atom: Atom, candidates: readonly Atom[]): readonly Atom[] {
  if (atom.kind === 'number') return numbersOf(atom);
  if (atom.kind !== 'object') return [atom];
  for (const [name, field] of atom.fields) {
    const values = field.required ? atomsOf(field.node) : [];
    if (values.length < 2 || values.length > MOST || !tellsApart(name, candidates)) continue;
    return values.map((value) => ({
      ...atom,
      fields: new Map(atom.fields).set(name, { required: true, node: { ...field.node, part: [value], memo: {} } }),
    }));
  }
  return [atom];
}

/** The numbers of a kind that has only a few, all of them steps of one whole number; otherwise the kind as it is. */
export function numbersOf(atom: AtomOf<'number'>): readonly Atom[] {
  const { integer, least, most, code, multiples } = atom;
  const step = multiples.find(Number.isInteger) ?? (integer ? 1 : undefined);
  const first = step === undefined ? Number.NaN : Math.ceil(least.value / step) * step;
  const length = step === undefined ? Number.NaN : Math.floor((most.value - first) / step) + 1;
  if (step === undefined || !(length <= MOST)) return [atom];
  const values = Array.from({ length: Math.max(0, length) }, (_, index) => ({ kind: 'value', value: first + index * step, code }) as const);
  return values.filter((value) => takesValue(atom, value) === 'yes');
}

function tellsApart(name: string, candidates: readonly Atom[]): boolean {
  const fields = candidates.flatMap((candidate) => (candidate.kind === 'object' ? [candidate.fields.get(name)] : []));
  return fields.some((a, index) =>
    fields
      .slice(index + 1)
      .some(
        (b) =>
          a !== undefined &&
          b !== undefined &&
          atomsOf(a.node).every((left) => atomsOf(b.node).every((right) => isApart(left, right, atomsOf))),
      ),
  );
}
