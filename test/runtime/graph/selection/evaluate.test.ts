import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { define } from '../../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, JobDefinition } from '../../../../src/runtime/declare/definition.ts';
import { isSpindleError } from '../../../../src/runtime/errors.ts';
import { buildGraph } from '../../../../src/runtime/graph/graph.ts';
import { ATTRIBUTES, STATUSES, type AssetStatus, type Selection, type SelectionAtom } from '../../../../src/runtime/graph/selection/ast.ts';
import { needsStatus, select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../../../../src/runtime/graph/selection/parser.ts';
import { defineStore } from '../../../../src/runtime/store/store.ts';
import { definitions, edgesArbitrary, reachable, reversed, type Edges } from '../assets.ts';

const job = (name: string, selection: string): JobDefinition => ({ name, select: selection, automation: undefined, tags: [] });

// ------------------------------------------------------------------ against a brute-force evaluator
interface Traits {
  readonly group: string | undefined;
  readonly owners: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly statuses: readonly AssetStatus[];
}
interface World {
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
const world: fc.Arbitrary<World> = edgesArbitrary().chain((edges) =>
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
const selectionOf = (keys: readonly string[]): fc.Arbitrary<Selection> =>
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
function write(selection: Selection, join: string): string {
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
        .map((part, index) => inner(part, 1).replace(/^/, index > 0 && join === ' ' && /^not /.test(inner(part, 1)) ? 'or ' : ''))
        .join(join);
  }
}

/** `*` and `**` by trying every way to split the key. */
function globMatches(glob: string, key: string): boolean {
  if (glob === '') return key === '';
  if (/^\*\*\//.test(glob))
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

function atomMatches({ traits, jobs }: World, atom: SelectionAtom, key: string): boolean {
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

function bruteMatches(world: World, selection: Selection, key: string): boolean {
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

function atoms(selection: Selection): readonly SelectionAtom[] {
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

const graphOf = ({ edges, traits, jobs }: World) => {
  const assets = definitions(edges, (key) => {
    const { group, owners, tags } = traits.get(key)!;
    return { group, owners, tags };
  });
  // Both jobs select something in every world: `*` needs a key of one segment, so one is always there.
  const one = define('one', {});
  return buildGraph({ assets: [...assets, one], checks: [], jobs: [...jobs].map(([name, glob]) => job(name, glob)) });
};
const withOne = (world: World): World => ({
  ...world,
  edges: { ...world.edges, one: [] },
  traits: new Map([...world.traits, ['one', { group: undefined, owners: [], tags: {}, statuses: [] }]]),
});

describe('a selection', () => {
  it('picks what a brute-force evaluator picks, in the order of the graph, and refuses what nothing answers to', () => {
    let answered = 0;
    fc.assert(
      fc.property(
        world.chain((world) =>
          fc.tuple(fc.constant(world), selectionOf(Object.keys(world.edges)), fc.constantFrom(' ', ',', ' or ', ', ')),
        ),
        ([plain, selection, join]) => {
          const world = withOne(plain);
          const graph = graphOf(plain);
          const status = (key: string) => new Set(world.traits.get(key)!.statuses);
          const text = write(selection, join);
          const unknown = atoms(selection).filter(
            (atom) => atom.kind !== 'status' && !graph.keys.some((key) => atomMatches(world, atom, key)),
          );
          if (unknown.length > 0) {
            expect(issuesOf(() => select(graph, text, { status })).length).toBe(
              new Set(unknown.map((atom) => JSON.stringify({ ...atom, literal: undefined, form: describeAtom(atom) }))).size,
            );
            return;
          }
          answered += 1;
          const expected = graph.keys.filter((key) => bruteMatches(world, selection, key));
          expect(select(graph, text, { status })).toEqual(expected);
          expect(select(graph, selection, { status })).toEqual(expected);
          expect(needsStatus(parseSelection(text))).toBe(atoms(selection).some(({ kind }) => kind === 'status'));
        },
      ),
      { numRuns: 3000 },
    );
    expect(answered).toBeGreaterThan(800);
  }, 60_000);
});

/** A glob and a name are refused in different words. */
const describeAtom = (atom: SelectionAtom) => atom.kind === 'key' && !atom.literal && atom.text.includes('*');

function issuesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    expect(error.code).toBe('SELECTION_UNKNOWN');
    return error.issues;
  }
  throw new Error('nothing was refused');
}

// ------------------------------------------------------------------ by example
describe('in a pipeline', () => {
  const store = defineStore({
    kind: 'topic',
    durable: true,
    resources: {},
    write: () => Promise.resolve({ version: '1' }),
    read: () => undefined,
    version: () => Promise.resolve(undefined),
  });
  const spec: Readonly<Record<string, Partial<AssetDefinition>>> = {
    'stream/plays': { store, run: () => [] },
    'silver/plays': { group: 'core data', tags: { pii: 'yes' }, owners: ['ann'], formerly: ['clean/plays'] },
    'gold/top': { group: 'gold', transform: { project: 'p', dir: '/', uniqueId: 'u', fqn: 'f' } },
  };
  const assets = definitions(
    {
      'stream/plays': [],
      'lake/plays': ['stream/plays'],
      'bronze/plays': ['lake/plays'],
      'silver/plays': ['bronze/plays'],
      'gold/top': ['silver/plays'],
      'gold/users': ['silver/plays'],
    },
    (key) => spec[key] ?? {},
  );
  const graph = buildGraph({ assets, checks: [], jobs: [job('nightly', 'gold/*'), job('repair', 'stale and gold/**')] });
  const statuses: Readonly<Record<string, AssetStatus[]>> = { 'gold/top': ['stale', 'failed'], 'lake/plays': ['stale'] };
  const status = (key: string): ReadonlySet<AssetStatus> => new Set(statuses[key] ?? []);

  it.each([
    ['bronze/plays', ['bronze/plays']],
    ['1+silver/plays', ['bronze/plays', 'silver/plays']],
    ['2+silver/plays', ['lake/plays', 'bronze/plays', 'silver/plays']],
    ['0+silver/plays', ['silver/plays']],
    ['lake/plays+1', ['lake/plays', 'bronze/plays']],
    ['+bronze/plays+1', ['stream/plays', 'lake/plays', 'bronze/plays', 'silver/plays']],
    ['silver/plays+', ['silver/plays', 'gold/top', 'gold/users']],
    ['gold/* and not gold/top', ['gold/users']],
    ['lake/** stream/**', ['stream/plays', 'lake/plays']],
    ['group:"core data"+', ['silver/plays', 'gold/top', 'gold/users']],
    ['tag:pii', ['silver/plays']],
    ['tag:pii=yes', ['silver/plays']],
    ['owner:an*', ['silver/plays']],
    ['kind:topic', ['stream/plays']],
    ['kind:dbt', ['gold/top']],
    ['1+kind:dbt', ['silver/plays', 'gold/top']],
    ['job:nightly', ['gold/top', 'gold/users']],
    ['job:repair', ['gold/top']],
    ['stale and not failed', ['lake/plays']],
    ['missing', []],
    ['not not (gold/top or gold/users)', ['gold/top', 'gold/users']],
    ['bronze/plays or gold/* and gold/top', ['bronze/plays', 'gold/top']],
    ['(bronze/plays or gold/*) and gold/top', ['gold/top']],
  ])('%s picks %j', (text, expected) => {
    expect(select(graph, text, { status })).toEqual(expected);
  });

  it('every unknown atom is named in one error, with suggestions', () => {
    expect(
      issuesOf(() =>
        select(graph, 'bronze/play or group:cor* and not (gruop/* or tag:pi or kind:tpoic) or clean/plays job:nigthly owner:zoe top'),
      ),
    ).toEqual([
      'There is no asset "bronze/play". Did you mean bronze/plays?',
      `No asset's key matches "gruop/*".`,
      'No asset has the tag "pi". Did you mean pii?',
      'No asset has the kind "tpoic". Did you mean topic?',
      'There is no asset "clean/plays" any more: it is now called silver/plays.',
      'There is no job "nigthly". Did you mean nightly?',
      'No asset has the owner "zoe".',
      'There is no asset "top". Did you mean gold/top?',
    ]);
  });

  it('a status without the recorded state is refused', () => {
    expect(() => select(graph, 'stale')).toThrow('"stale" depends on what was recorded');
  });
});
