import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { define } from '../../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, JobDefinition } from '../../../../src/runtime/declare/definition.ts';
import { isSpindleError } from '../../../../src/runtime/errors.ts';
import { buildGraph } from '../../../../src/runtime/graph/graph.ts';
import type { AssetStatus, SelectionAtom } from '../../../../src/runtime/graph/selection/ast.ts';
import { needsStatus, select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../../../../src/runtime/graph/selection/parser.ts';
import { defineStore } from '../../../../src/runtime/store/store.ts';
import { definitions } from '../assets.ts';
import { atomMatches, atoms, bruteMatches, selectionOf, world, write, type World } from './brute-force.ts';

const job = (name: string, selection: string): JobDefinition => ({ name, select: selection, automation: undefined, tags: [], airflow: {} });

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
