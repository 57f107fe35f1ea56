import { canonicalJson } from '../../digest.ts';
import { bothCodes, bothNodes, type Atom, type AtomOf, type Field, type ObjectShape } from './atom.ts';
import { assertions, isSchemaObject, type JsonSchema } from './json-schema.ts';
import { takesValue } from './takes-value.ts';
import { higher, lower, tightened } from './plain-shapes.ts';

/** What is of both kinds; undefined where nothing is. */
export function bothAtoms(a: Atom, b: Atom): Atom | undefined {
  const code = bothCodes(a.code, b.code);
  if (a.kind === 'any') return { ...b, code };
  if (b.kind === 'any') return { ...a, code };
  if (a.kind === 'opaque' || b.kind === 'opaque') return { kind: 'opaque', text: [textOf(a), textOf(b)].toSorted().join(' & '), code };
  if (a.kind === 'value') return withValue(a, b);
  if (b.kind === 'value') return withValue(b, a);
  if (a.kind === 'text' && b.kind === 'text') {
    const [least, most] = [Math.max(a.least, b.least), Math.min(a.most, b.most)];
    if (least > most) return undefined;
    const formats = [...a.formats, ...b.formats];
    const patterns = [...new Set([...a.patterns, ...b.patterns])];
    const tests = a.tests === undefined || b.tests === undefined ? undefined : [...a.tests, ...b.tests];
    return { kind: 'text', least, most, formats, patterns, tests, code };
  }
  if (a.kind === 'number' && b.kind === 'number') {
    const multiples = [...new Set([...a.multiples, ...b.multiples])];
    const shape = { least: higher(a.least, b.least), most: lower(a.most, b.most), multiples, integer: a.integer || b.integer };
    const tight = tightened({ kind: 'number', ...shape });
    return tight && { ...tight, code };
  }
  if (a.kind === 'list' && b.kind === 'list') {
    const [least, most] = [Math.max(a.least, b.least), Math.min(a.most, b.most)];
    if (least > most) return undefined;
    const length = Math.max(a.first.length, b.first.length);
    const first = Array.from({ length }, (_, index) => bothNodes(a.first[index] ?? a.rest, b.first[index] ?? b.rest));
    return { kind: 'list', first, rest: bothNodes(a.rest, b.rest), least, most, code };
  }
  return a.kind === 'object' && b.kind === 'object' ? bothObjects(a, b) : undefined;
}

/** Without the document around it: only what references in it mean is of account. */
function textOf(atom: Atom): string {
  if (atom.kind === 'opaque') return atom.text;
  let root: JsonSchema = true;
  const text = JSON.stringify(atom, (key, value: unknown) => {
    if (key === 'root') root = value as JsonSchema;
    return key === 'root' || key === 'memo' ? undefined : value instanceof Map ? [...value] : value;
  });
  return text.includes('"$ref"') && isSchemaObject(root) ? text + canonicalJson([assertions(root), root['$defs']]) : text;
}

function withValue(value: AtomOf<'value'>, other: Atom): Atom | undefined {
  const code = bothCodes(value.code, other.code);
  switch (takesValue({ ...other, code: value.code }, value)) {
    case 'yes':
      return { ...value, code };
    case 'no':
      return undefined;
    case 'unsure':
      return { kind: 'opaque', text: [textOf(value), textOf(other)].join(' & '), code };
  }
}

/**
 * Both as zod parses an intersection: a field that one side does not declare is unknown to it. Where a side refuses others or names them, the two
 * are one object only if that is plain; else they are compared as text.
 */
function bothObjects(a: AtomOf<'object'>, b: AtomOf<'object'>): Atom {
  const code = bothCodes(a.code, b.code);
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  const plain = (side: ObjectShape) => side.others === 'unknown' || [...names].every((name) => side.fields.has(name));
  if (!plain(a) || !plain(b) || a.names !== undefined || b.names !== undefined)
    return { kind: 'opaque', text: [textOf(a), textOf(b)].toSorted().join(' & '), code };
  const fields = new Map<string, Field>();
  for (const name of names) {
    const [left, right] = [a.fields.get(name), b.fields.get(name)];
    const node = left && right ? bothNodes(left.node, right.node) : (left ?? right)!.node;
    fields.set(name, { node, required: left?.required === true || right?.required === true });
  }
  return { kind: 'object', fields, others: bothOthers(a.others, b.others), names: undefined, code };
}

function bothOthers(a: ObjectShape['others'], b: ObjectShape['others']): ObjectShape['others'] {
  if (a === 'unknown') return b;
  if (b === 'unknown') return a;
  return a === 'refused' || b === 'refused' ? 'refused' : bothNodes(a, b);
}
