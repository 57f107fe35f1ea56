import type { Atom, AtomOf, Node } from './atom.ts';
import { takesValue } from './takes-value.ts';

/** How deep fields are looked into: those that tell alternatives apart lie on top. */
const DEPTH = 2;

/** What reads the atoms of a field. */
type Reader = (node: Node) => readonly Atom[];

/** Whether certainly no value is of both kinds. */
export const isApart = (a: Atom, b: Atom, read: Reader): boolean => areApart(a, b, { read, depth: DEPTH });

interface Looking {
  readonly read: Reader;
  readonly depth: number;
}

function areApart(a: Atom, b: Atom, looking: Looking): boolean {
  if (a.kind === 'any' || b.kind === 'any' || a.kind === 'opaque' || b.kind === 'opaque') return false;
  if (a.kind === 'value') return takesValue(b, a) === 'no';
  if (b.kind === 'value') return takesValue(a, b) === 'no';
  if (a.kind === 'text' && b.kind === 'text') return a.most < b.least || b.most < a.least;
  if (a.kind === 'number' && b.kind === 'number') return a.most.value < b.least.value || b.most.value < a.least.value;
  if (a.kind === 'list' && b.kind === 'list') return a.most < b.least || b.most < a.least;
  return a.kind !== b.kind || (a.kind === 'object' && b.kind === 'object' && areObjectsApart(a, b, looking));
}

function areObjectsApart(a: AtomOf<'object'>, b: AtomOf<'object'>, { read, depth }: Looking): boolean {
  const lacks = (wants: AtomOf<'object'>, has: AtomOf<'object'>) =>
    has.others === 'refused' && [...wants.fields].some(([name, { required }]) => required && !has.fields.has(name));
  if (lacks(a, b) || lacks(b, a)) return true;
  return (
    depth > 0 &&
    [...a.fields].some(([name, field]) => {
      const other = b.fields.get(name);
      return other !== undefined && (field.required || other.required) && areNodesApart(field.node, other.node, { read, depth: depth - 1 });
    })
  );
}

/** A field that is required in one and declared in the other: where both hold it, no value may be of both. */
function areNodesApart(a: Node, b: Node, looking: Looking): boolean {
  const others = looking.read(b);
  return looking.read(a).every((atom) => others.every((other) => areApart(atom, other, looking)));
}
