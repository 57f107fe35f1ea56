import type { Atom, AtomOf, Value } from './atom.ts';

/** Values that are listed; of more, their number tells. */
const LISTED = 8;

/** What some kinds of values are, such as `a text`, `"a" or "b"`, `a whole number or null`. */
export function inWords(atoms: readonly Atom[]): string {
  const values = atoms.flatMap((atom) => (atom.kind === 'value' ? [atom.value] : []));
  const booleans = values.filter((value) => typeof value === 'boolean');
  const listed = values.filter((value) => typeof value !== 'boolean' && value !== null);
  const kinds = atoms.flatMap((atom) => (atom.kind === 'value' ? [] : [kindInWords(atom)]));
  return either([
    ...new Set(kinds),
    ...(booleans.length === 2 ? ['true or false'] : booleans.map(String)),
    ...(listed.length > LISTED ? [`one of ${listed.length} values`] : listed.map(valueInWords)),
    ...(values.includes(null) ? ['null'] : []),
  ]);
}

export const valueInWords = (value: Value): string => JSON.stringify(value);

export const either = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : joined(words, 'or'));
export const both = (words: readonly string[]): string => joined(words, 'and');

function joined(words: readonly string[], word: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${word} ${words.at(-1)}`;
}

function kindInWords(atom: Exclude<Atom, AtomOf<'value'>>): string {
  switch (atom.kind) {
    case 'any':
      return 'anything';
    case 'text':
      return 'a text';
    case 'number':
      return atom.integer ? 'a whole number' : 'a number';
    case 'list':
      return 'a list';
    case 'object':
      return 'an object';
    case 'opaque':
      return /^z\.\w+\(\)$/.test(atom.text) ? atom.text : 'what cannot be compared';
  }
}
