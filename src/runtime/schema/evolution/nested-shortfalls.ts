import { nodeOf, type AtomOf, type Field, type Node } from './atom.ts';
import { atomsOf } from './atoms-of.ts';
import { inWords } from './in-words.ts';
import { lengthShortfalls } from './plain-shortfalls.ts';
import { fieldPath, type Reason } from './reason.ts';

interface Place {
  readonly path: string;
  /** Compares what lies inside. */
  nested(narrow: Node, wide: Node, path: string): readonly Reason[];
}

/** Why not every list of one kind is of the other. */
export function listShortfalls(narrow: AtomOf<'list'>, wide: AtomOf<'list'>, { path, nested }: Place): readonly Reason[] {
  const reasons = [...lengthShortfalls(narrow, wide, { path, unit: 'item' })];
  const fixed = Math.min(Math.max(narrow.first.length, wide.first.length), narrow.most, wide.most);
  for (let index = 0; index < fixed; index++)
    reasons.push(...nested(narrow.first[index] ?? narrow.rest, wide.first[index] ?? wide.rest, `${path}[${index}]`));
  if (narrow.most > fixed && wide.most > fixed) reasons.push(...nested(narrow.rest, wide.rest, `${path}[]`));
  return reasons;
}

/** Why not every object of one kind is of the other. Of fields that are unknown to the one, nothing is promised to the other that declares them. */
export function objectShortfalls(narrow: AtomOf<'object'>, wide: AtomOf<'object'>, place: Place): readonly Reason[] {
  const names = new Set([...narrow.fields.keys(), ...wide.fields.keys()]);
  return [...[...names].flatMap((name) => fieldShortfalls({ name, narrow, wide }, place)), ...otherShortfalls(narrow, wide, place)];
}

interface Pair {
  readonly narrow: AtomOf<'object'>;
  readonly wide: AtomOf<'object'>;
}

function fieldShortfalls({ name, narrow, wide }: Pair & { readonly name: string }, { path, nested }: Place): readonly Reason[] {
  const inner = fieldPath(path, name);
  const own = narrow.fields.get(name) ?? undeclared(narrow, name);
  const other = wide.fields.get(name);
  if (other === undefined) return own === undefined ? [] : lostField({ name, own }, wide, { path: inner, nested });
  const required = requiredReason({ own, other, isDeclared: narrow.fields.has(name), path: inner });
  return [...required, ...(own === undefined ? [] : nested(own.node, other.node, inner))];
}

/** What a record says of each of its fields, of one of them. */
function undeclared({ others, names }: AtomOf<'object'>, name: string): Field | undefined {
  if (others === 'unknown' || others === 'refused') return undefined;
  const taken = names === undefined || atomsOf(names).some((atom) => atom.kind !== 'value' || atom.value === name);
  return taken ? { node: others, required: false } : undefined;
}

function requiredReason({
  own,
  other,
  isDeclared,
  path,
}: {
  readonly own: Field | undefined;
  readonly other: Field;
  readonly isDeclared: boolean;
  readonly path: string;
}): readonly Reason[] {
  if (!other.required || own?.required === true) return [];
  return isDeclared
    ? [{ path, kind: 'required', refuses: 'must be there', allows: 'may be left out' }]
    : [
        {
          path,
          kind: 'required',
          refuses: 'must be there, and was not declared',
          allows: 'is no longer declared, and readers of the old schema need it',
        },
      ];
}

/** A field that is not declared any more. */
function lostField(
  { name, own }: { readonly name: string; readonly own: Field },
  wide: AtomOf<'object'>,
  { path, nested }: Place,
): readonly Reason[] {
  // one that nothing can be in is never there
  if (atomsOf(own.node).length === 0) return [];
  const names = wide.names === undefined ? [] : nested(nodeOf({ const: name }), wide.names, path).map(named);
  if (wide.others === 'unknown') return names;
  if (wide.others === 'refused')
    return [{ path, kind: 'unknown-fields', refuses: 'is not declared, and unknown fields are refused', allows: 'may be there' }];
  return [...names, ...nested(own.node, wide.others, path)];
}

function otherShortfalls(narrow: AtomOf<'object'>, wide: AtomOf<'object'>, { path, nested }: Place): readonly Reason[] {
  if (narrow.others === 'refused') return [];
  const inner = fieldPath(path, '*');
  if (wide.others === 'refused')
    return [{ path, kind: 'unknown-fields', refuses: 'unknown fields are refused', allows: 'unknown fields are allowed' }];
  const names = wide.names === undefined ? [] : nested(narrow.names ?? nodeOf({ type: 'string' }), wide.names, inner).map(named);
  if (wide.others === 'unknown') return names;
  if (narrow.others !== 'unknown') return [...names, ...nested(narrow.others, wide.others, inner)];
  const taken = atomsOf(wide.others);
  if (taken.some(({ kind, code }) => kind === 'any' && code.checks === 0)) return names;
  const words = inWords(taken);
  return [
    ...names,
    { path, kind: 'unknown-fields', refuses: `unknown fields must be ${words}`, allows: `unknown fields need not be ${words}` },
  ];
}

const named = ({ path, refuses, allows }: Reason): Reason => ({
  path,
  kind: 'names',
  refuses: `names: ${refuses}`,
  allows: `names: ${allows}`,
});
