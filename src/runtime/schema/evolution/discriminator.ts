import type { Atom, AtomOf } from './atom.ts';
import { atomsOf } from './atoms-of.ts';
import { either, valueInWords } from './in-words.ts';

/** The field that tells the alternatives of a union of objects apart: required in all of them, with other values in each. Undefined where there are not two or no such field. */
export function discriminatorOf(atoms: readonly Atom[]): string | undefined {
  const objects = objectsOf(atoms);
  const [first] = objects;
  if (first === undefined || objects.length < 2) return undefined;
  return [...first.fields.keys()].find((name) => {
    const values = objects.map((object) => valuesOf(object, name));
    const all = values.flatMap((some) => some ?? []);
    return values.every((some) => some !== undefined && some.length > 0) && new Set(all).size === all.length;
  });
}

export const objectsOf = (atoms: readonly Atom[]): readonly AtomOf<'object'>[] => atoms.filter((atom) => atom.kind === 'object');

/** The values of a required field, as text; undefined where it has others than listed ones. */
export function valuesOf(object: AtomOf<'object'>, name: string): readonly string[] | undefined {
  const field = object.fields.get(name);
  if (field?.required !== true) return undefined;
  const values = atomsOf(field.node).map((atom) => (atom.kind === 'value' ? valueInWords(atom.value) : undefined));
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** Names of alternatives such as `(type = "play")`, by which a path goes and by which they are the same in two schemas; empty where there is only one. */
export function alternativeNames(atoms: readonly Atom[]): (atom: Atom) => string {
  const name = discriminatorOf(atoms);
  return (atom) => (name === undefined || atom.kind !== 'object' ? '' : `(${name} = ${either(valuesOf(atom, name) ?? [])})`);
}
