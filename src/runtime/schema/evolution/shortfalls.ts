import { canonicalJson } from '../../digest.ts';
import { nodeOf, type Atom, type AtomOf, type Node } from './atom.ts';
import { isApart } from './apart.ts';
import { atomsOf } from './atoms-of.ts';
import { alternativeNames, discriminatorOf } from './discriminator.ts';
import { both, either, inWords, valueInWords } from './in-words.ts';
import { assertions, isSchemaObject, resolveReference } from './json-schema.ts';
import type { Reason } from './reason.ts';
import { partsOf } from './parts-of.ts';
import { plainShortfalls } from './plain-shortfalls.ts';
import { listShortfalls, objectShortfalls } from './nested-shortfalls.ts';
import { takesValue } from './takes-value.ts';

/** Comparisons after which two schemas are given up. */
const LIMIT = 20_000;

/** Why not every value of one schema is one of the other; empty only where every one is. Fields that neither schema knows are left out of account. */
export function shortfalls(narrow: Node, wide: Node): readonly Reason[] {
  const work = { left: LIMIT };
  const reasons = compareNodes({ narrow, wide, path: '', assumed: [], work });
  return work.left > 0 ? reasons : [incomparable('', 'the schemas are too large')];
}

/** A comparison of two places. */
interface Comparison {
  readonly narrow: Node;
  readonly wide: Node;
  readonly path: string;
  /** Comparisons that are under way: where a schema holds itself, what they find decides. */
  readonly assumed: readonly string[];
  readonly work: { left: number };
}

function compareNodes(comparison: Comparison): readonly Reason[] {
  const { path, assumed, work } = comparison;
  const [narrow, wide] = [resolved(comparison.narrow), resolved(comparison.wide)];
  if (work.left-- <= 0) return [];
  const texts = [narrow, wide].map(({ all, part }) => (part === undefined ? canonicalJson(all) : undefined));
  const holdsReferences = texts.some((text) => text?.includes('"$ref"') !== false);
  if (!holdsReferences && texts[0] === texts[1]) return [];
  const key = texts.includes(undefined) ? undefined : texts.join('\n');
  if (key !== undefined && assumed.includes(key)) return [];
  const inner = { ...comparison, narrow, wide, assumed: holdsReferences && key !== undefined ? [...assumed, key] : assumed };
  const [values, others] = [atomsOf(narrow), atomsOf(wide)];
  const reasons = compareUnions(values, others, inner);
  return reasons.length === 0 ? reasons : (discriminatorReason(values, others, path) ?? reasons);
}

/** The place that a mere reference means: a schema that holds itself is then met again as what it was. */
function resolved(node: Node): Node {
  const [schema, ...others] = node.all;
  if (node.part !== undefined || others.length > 0 || !isSchemaObject(schema)) return node;
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || schema['$comment'] !== undefined || Object.keys(assertions(schema)).length > 1) return node;
  const target = resolveReference(node.root, reference);
  return target === undefined || target === schema ? node : nodeOf(node.root, target);
}

/** Where alternatives are told apart by another field, that says more than what each of them lacks. */
function discriminatorReason(narrow: readonly Atom[], wide: readonly Atom[], path: string): readonly Reason[] | undefined {
  const [was, is] = [discriminatorOf(narrow), discriminatorOf(wide)];
  if (was === undefined || is === undefined || was === is) return undefined;
  const text = (now: string, before: string) => `the alternatives are told apart by "${now}" and not by "${before}"`;
  return [{ path, kind: 'discriminator', refuses: text(is, was), allows: text(was, is) }];
}

function compareUnions(narrow: readonly Atom[], wide: readonly Atom[], comparison: Comparison): readonly Reason[] {
  if (wide.some(({ kind, code }) => kind === 'any' && code.checks === 0)) return [];
  const { path } = comparison;
  const refused: AtomOf<'value'>[] = [];
  const foreign: Atom[] = [];
  const reasons: Reason[] = [];
  const [names, otherNames] = [alternativeNames(narrow), alternativeNames(wide)];
  const plain = new Set(wide.map((atom) => (atom.kind === 'value' && atom.code.checks === 0 ? atom.value : undefined)));
  for (const atom of narrow) {
    if (atom.kind === 'value') {
      if (plain.has(atom.value) && atom.code.lenient.length === 0) continue;
      const verdicts = wide.map((other) => takesValue(other, atom));
      if (verdicts.includes('yes')) continue;
      if (verdicts.includes('unsure'))
        reasons.push(incomparable(path, `whether ${valueInWords(atom.value)} is allowed is for code to say`));
      else if (wide.some((other) => isOfType(other, atom))) refused.push(atom);
      else foreign.push(atom);
      continue;
    }
    if (takesNothing(atom)) continue;
    const candidates = wide.filter((other) => !isApart(atom, other, atomsOf));
    const name = names(atom);
    const inner = { ...comparison, path: path + name };
    const same = wide.filter(({ kind }) => kind === atom.kind);
    const counterpart = same.length === 1 ? same : same.filter((other) => name !== '' && otherNames(other) === name);
    if (candidates.length > 0) reasons.push(...compareAtom(atom, candidates, inner));
    else if (counterpart.length === 1) reasons.push(...compareAtom(atom, counterpart, inner));
    else if (same.length > 0) reasons.push(lostAlternative(name, path));
    else foreign.push(atom);
  }
  return [...valueReasons(refused, path), ...typeReasons(foreign, wide, path), ...reasons];
}

/** Whether an object must have a field that nothing can be in, or a list such an item. */
function takesNothing(atom: Atom): boolean {
  if (atom.kind === 'object') return [...atom.fields.values()].some(({ required, node }) => required && atomsOf(node).length === 0);
  return (
    atom.kind === 'list' &&
    Array.from({ length: Math.min(atom.least, atom.first.length + 1) }, (_, index) => atom.first[index] ?? atom.rest).some(
      (item) => atomsOf(item).length === 0,
    )
  );
}

/** Whether some value of the same type is of this kind. */
const isOfType = (atom: Atom, { value }: AtomOf<'value'>): boolean =>
  value !== null &&
  ((atom.kind === 'value' && typeof atom.value === typeof value) ||
    atom.kind === ({ string: 'text', number: 'number', boolean: '' } as const)[typeof value as 'string']);

function valueReasons(refused: readonly AtomOf<'value'>[], path: string): readonly Reason[] {
  if (refused.length === 0) return [];
  const values = both(refused.map(({ value }) => valueInWords(value)));
  const be = refused.length === 1 ? 'is' : 'are';
  return [{ path, kind: 'values', refuses: `${values} ${be} refused`, allows: `${values} ${be} allowed` }];
}

function typeReasons(foreign: readonly Atom[], wide: readonly Atom[], path: string): readonly Reason[] {
  if (foreign.length === 0) return [];
  if (foreign.every((atom) => atom.kind === 'value' && atom.value === null) && wide.length > 0)
    return [{ path, kind: 'null', refuses: 'must not be null', allows: 'may be null' }];
  return [
    {
      path,
      kind: 'type',
      refuses: `takes ${inWords(wide)}, and not ${inWords(foreign)}`,
      allows: `takes ${inWords(foreign)}, and not only ${inWords(wide)}`,
    },
  ];
}

function lostAlternative(name: string, path: string): Reason {
  const which = name === '' ? 'the object' : `the alternative ${name}`;
  return { path, kind: 'alternative', refuses: `${which} is refused`, allows: `${which} is allowed` };
}

/** A kind of values against those that it may have values in common with. */
function compareAtom(atom: Exclude<Atom, AtomOf<'value'>>, candidates: readonly Atom[], comparison: Comparison): readonly Reason[] {
  const { path } = comparison;
  if (atom.kind === 'any' && !candidates.some(({ kind }) => kind === 'any' || kind === 'opaque') && !coverAll(candidates))
    return typeReasons([atom], candidates, path);
  const shapes = candidates.filter(({ kind }) => kind !== 'value');
  const found = shapes.map((shape) => comparePair(atom, shape, comparison));
  if (found.some((reasons) => reasons.length === 0)) return [];
  const [first] = found;
  if (first !== undefined && candidates.length === 1) return first;
  const parts = partsOf(atom, candidates);
  if (parts.length > 1) return compareUnions(parts, candidates, comparison);
  if (first === undefined)
    return [
      { path, kind: 'values', refuses: `must be ${inWords(candidates)}`, allows: `may be any ${inWords([atom]).replace(/^an? /, '')}` },
    ];
  const nearest = found.toSorted((a, b) => a.length - b.length)[0] ?? [];
  return [
    incomparable(
      path,
      `no alternative takes all that was allowed; of the nearest, ${either(nearest.map((reason) => `${reason.path} ${reason.refuses}`.trim()))}`,
    ),
  ];
}

/** Whether there is something of every type: together they may take anything. */
function coverAll(atoms: readonly Atom[]): boolean {
  const values = atoms.flatMap((atom) => (atom.kind === 'value' ? [atom.value] : []));
  return (
    (['text', 'number', 'list', 'object'] as const).every((kind) => atoms.some((atom) => atom.kind === kind)) &&
    [true, false, null].every((value) => values.includes(value))
  );
}

function comparePair(atom: Exclude<Atom, AtomOf<'value'>>, wide: Atom, comparison: Comparison): readonly Reason[] {
  const { path } = comparison;
  const inCode = codeReasons(atom, wide, path);
  if (wide.kind === 'any') return inCode;
  if (atom.kind === 'opaque' && wide.kind === 'opaque' && atom.text === wide.text) return inCode;
  if (atom.kind === 'opaque' || wide.kind === 'opaque') return [incomparable(path, `${inWords([atom])} with ${inWords([wide])}`)];
  const nested = (narrow: Node, other: Node, inner: string) => compareNodes({ ...comparison, narrow, wide: other, path: inner });
  if (atom.kind === 'list' && wide.kind === 'list') return [...inCode, ...listShortfalls(atom, wide, { path, nested })];
  if (atom.kind === 'object' && wide.kind === 'object') return [...inCode, ...objectShortfalls(atom, wide, { path, nested })];
  return [...inCode, ...plainShortfalls(atom, wide, path)];
}

function codeReasons(narrow: Atom, wide: Atom, path: string): readonly Reason[] {
  const reasons: Reason[] = [];
  if (wide.code.checks > narrow.code.checks)
    reasons.push({
      path,
      kind: 'incomparable',
      refuses: 'has a check in code that it did not have: cannot be compared',
      allows: 'has a check in code less: cannot be compared',
    });
  const lost = narrow.code.lenient.filter((why) => !wide.code.lenient.includes(why));
  if (lost.length > 0)
    reasons.push({
      path,
      kind: 'incomparable',
      refuses: `is no longer read by ${both(lost)}: cannot be compared`,
      allows: `is read by ${both(lost)}: cannot be compared`,
    });
  return reasons;
}

function incomparable(path: string, what: string): Reason {
  const text = `cannot be compared: ${what}`;
  return { path, kind: 'incomparable', refuses: text, allows: text };
}
