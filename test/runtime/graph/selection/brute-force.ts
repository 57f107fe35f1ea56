import fc from 'fast-check';
import { ATTRIBUTES, STATUSES, type AssetStatus, type Selection, type SelectionAtom } from '../../../../src/runtime/graph/selection/ast.ts';
import { edgesArbitrary, reachable, reversed, type Edges } from '../assets.ts';

interface Traits {
  readonly group: string | undefined;
  readonly owners: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly statuses: readonly AssetStatus[];
}
/** A graph and what is known of its assets, as plain as can be. */
export interface World {
  readonly edges: Edges;
  readonly traits: ReadonlyMap<string, Traits>;
  readonly jobs: ReadonlyMap<string, string>;
}

const word = fc.constantFrom('a', 'b', 'ab', 'x y');
const traits: fc.Arbitrary<Traits> = fc.record({
  group: fc.option(word, { nil: undefined }),
  owners: fc.uniqueArray(word, { maxLength: 2 }),
  tags: fc.dictionary(word, word, { maxKeys: 2 }),
  statuses: fc.subarray([...STATUSES]),
});
export const world: fc.Arbitrary<World> = edgesArbitrary().chain((edges) =>
  fc.tuple(...Object.keys(edges).map((key) => traits.map((value) => [key, value] as const))).map((entries) => ({
    edges,
    traits: new Map(entries),
    jobs: new Map([
      ['a', '*'],
      ['ab', '**'],
    ]),
  })),
);

const pattern = fc.oneof(
  { weight: 3, arbitrary: fc.record({ text: word, literal: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ text: fc.constantFrom('a', 'b', 'a*', '*', '*b'), literal: fc.constant(false) }) },
);
const atomOf = (keys: readonly string[]): fc.Arbitrary<SelectionAtom> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...keys).map((text): SelectionAtom => ({ kind: 'key', text, literal: false })) },
    { weight: 1, arbitrary: fc.constantFrom(...keys, 'no such').map((text): SelectionAtom => ({ kind: 'key', text, literal: true })) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom('*', '**', '*/*', '**/a', 'a/**', '**/a*', '*b/**', 'gold/*', '**/**/b', '*.*', 'a**b', '***')
        .map((text): SelectionAtom => ({ kind: 'key', text, literal: false })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...ATTRIBUTES), pattern)
        .map(([attribute, text]): SelectionAtom => ({ kind: 'attribute', attribute, ...text })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(word, word)
        .map(([name, value]): SelectionAtom => ({ kind: 'attribute', attribute: 'tag', text: `${name}=${value}`, literal: true })),
    },
    { weight: 2, arbitrary: fc.constantFrom(...STATUSES).map((status): SelectionAtom => ({ kind: 'status', status })) },
  );
const depth = fc.constantFrom(0, 1, 2, Infinity);
export const selectionOf = (keys: readonly string[]): fc.Arbitrary<Selection> =>
  fc.letrec<{ selection: Selection; part: Selection }>((tie) => ({
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('part'),
      fc.array(tie('selection'), { minLength: 2, maxLength: 3 }).map((of): Selection => ({ kind: 'union', of })),
      fc.array(tie('selection'), { minLength: 2, maxLength: 3 }).map((of): Selection => ({ kind: 'intersection', of })),
      tie('selection').map((of): Selection => ({ kind: 'not', of })),
    ),
    part: fc.oneof(
      atomOf(keys),
      fc.tuple(depth, depth, atomOf(keys)).map(([upstream, downstream, of]): Selection => ({ kind: 'traverse', upstream, downstream, of })),
    ),
  })).selection;

/** Writes a selection with as few parentheses as precedence allows, unions in the given way. */
export function write(selection: Selection, join: string): string {
  const level = ({ kind }: Selection) => (kind === 'union' ? 0 : kind === 'intersection' ? 1 : 2);
  const inner = (part: Selection, least: number) => (level(part) < least ? `(${write(part, join)})` : write(part, join));
  switch (selection.kind) {
    case 'key':
      return selection.literal ? `"${selection.text}"` : selection.text;
    case 'attribute':
      return `${selection.attribute}:${selection.literal ? `"${selection.text}"` : selection.text}`;
    case 'status':
      return selection.status;
    case 'traverse': {
      const number = (levels: number) => (levels === Infinity ? '' : String(levels));
      const { upstream, downstream } = selection;
      return `${upstream === 0 ? '' : `${number(upstream)}+`}${write(selection.of, join)}${downstream === 0 ? '' : `+${number(downstream)}`}`;
    }
    case 'not':
      return `not ${inner(selection.of, 2)}`;
    case 'intersection':
      return selection.of.map((part) => inner(part, 2)).join(' and ');
    case 'union':
      return selection.of
        .map((part, index) => inner(part, 1).replace(/^/, index > 0 && join === ' ' && inner(part, 1).startsWith('not ') ? 'or ' : ''))
        .join(join);
  }
}

/** `*` and `**` by trying every way to split the key. */
function globMatches(glob: string, key: string): boolean {
  if (glob === '') return key === '';
  if (glob.startsWith('**/'))
    return (
      globMatches(glob.slice(3), key) || [...key].some((char, index) => char === '/' && globMatches(glob.slice(3), key.slice(index + 1)))
    );
  const stars = /^\*+/.exec(glob)?.[0].length ?? 0;
  if (stars === 0) {
    // Behind a slash, `**/` may stand for nothing; elsewhere the two stars just cross slashes.
    return (
      key.startsWith(glob[0]!) && (glob[0] === '/' ? globMatches(glob.slice(1), key.slice(1)) : withinSegment(glob.slice(1), key.slice(1)))
    );
  }
  for (let length = 0; length <= key.length; length += 1) {
    if (stars === 1 && key.slice(0, length).includes('/')) break;
    if (withinSegment(glob.slice(stars), key.slice(length))) return true;
  }
  return false;
}
/** The rest of a glob where the last character was no slash: there `**` next to a slash is nothing special. */
function withinSegment(glob: string, key: string): boolean {
  if (!/^\*\*+\//.test(glob)) return globMatches(glob, key);
  const rest = glob.replace(/^\*+/, '');
  return Array.from({ length: key.length + 1 }, (_, length) => length).some((length) => withinSegment(rest, key.slice(length)));
}
const textMatches = (text: string, literal: boolean, value: string) =>
  literal ? value === text : globMatches(text.replaceAll('*', '**'), value);

export function atomMatches({ traits, jobs }: World, atom: SelectionAtom, key: string): boolean {
  const { group, owners, tags, statuses } = traits.get(key)!;
  if (atom.kind === 'status') return statuses.includes(atom.status);
  const matches = (value: string) => textMatches(atom.text, atom.literal, value);
  if (atom.kind === 'key') return atom.literal ? key === atom.text : globMatches(atom.text, key);
  switch (atom.attribute) {
    case 'group':
      return group !== undefined && matches(group);
    case 'owner':
      return owners.some(matches);
    case 'kind':
      return ['memory', 'source'].some(matches);
    case 'tag':
      return Object.entries(tags).some(([name, value]) => matches(atom.text.includes('=') ? `${name}=${value}` : name));
    case 'job':
      return [...jobs].some(([name, glob]) => matches(name) && globMatches(glob, key));
  }
}

/** Whether a selection picks a key, asked one key at a time. */
export function bruteMatches(world: World, selection: Selection, key: string): boolean {
  switch (selection.kind) {
    case 'union':
      return selection.of.some((part) => bruteMatches(world, part, key));
    case 'intersection':
      return selection.of.every((part) => bruteMatches(world, part, key));
    case 'not':
      return !bruteMatches(world, selection.of, key);
    case 'traverse': {
      const { of, upstream, downstream } = selection;
      const hits = (keys: Iterable<string>) => [...keys].some((near) => atomMatches(world, of, near));
      // What is selected as an upstream of a hit has that hit downstream of it.
      return hits([key]) || hits(reachable(reversed(world.edges), key, upstream)) || hits(reachable(world.edges, key, downstream));
    }
    default:
      return atomMatches(world, selection, key);
  }
}

export function atoms(selection: Selection): readonly SelectionAtom[] {
  switch (selection.kind) {
    case 'union':
    case 'intersection':
      return selection.of.flatMap(atoms);
    case 'not':
    case 'traverse':
      return atoms(selection.of);
    default:
      return [selection];
  }
}
