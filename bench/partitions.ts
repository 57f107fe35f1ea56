import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { asset, type Asset } from '../src/runtime/declare/asset.ts';
import { every, window, type Dep } from '../src/runtime/declare/dependency.ts';
import type { AssetDefinition } from '../src/runtime/declare/definition.ts';
import { buildGraph } from '../src/runtime/graph/graph.ts';
import { partitions, type Partitions, type PartitionsDefinition, type TimeWindow } from '../src/runtime/partitions/definition.ts';
import { createPartitionSpace, type PartitionSpace } from '../src/runtime/partitions/space.ts';
import type { PartitionSet } from '../src/runtime/partitions/set.ts';
import type { RecordedState } from '../src/runtime/resource/run-store.ts';
import type { RunEvent } from '../src/runtime/run/event.ts';
import { planOf } from '../src/runtime/run/plan-of.ts';
import { startRun } from '../src/runtime/run/start-run.ts';
import { stillClock } from '../src/runtime/run/system-clock.ts';
import { inputVersions } from '../src/runtime/plan/inputs.ts';
import { emptyState } from '../src/runtime/plan/record.ts';
import { value } from '../src/runtime/store/value.ts';
import { median, rounded, type BenchFigure } from './figure.ts';

const REGIONS = 100;
const HOURS = 100_000;
const NOW = new Date(Date.parse('2015-01-01T00:00:00Z') + HOURS * 3_600_000);

/** Ten million partitions of hours and regions, of which a hundredth was never made and a few failed: what the questions about them cost. Then plans of three assets in a chain. */
export async function* partitionsBench(): AsyncGenerator<BenchFigure> {
  yield* questions();
  for (const one of CHAINS) yield await chain(one);
}

const hourly = partitions.hourly({ start: '2015-01-01T00:00Z' });
const names = Array.from({ length: REGIONS }, (_, index) => `r${String(index).padStart(2, '0')}`);
const regional = partitions.cross({ hour: hourly, region: partitions.of(names) }).definition;

function* questions(): Generator<BenchFigure> {
  const space = createPartitionSpace(regional);
  const hour = (index: number) => new Date(Date.parse('2015-01-01T00:00:00Z') + index * 3_600_000).toISOString().slice(0, 16) + 'Z';
  const all = space.existing(NOW, { complete: true });
  // A hole of a thousand hours in each tenth region, and of ten hours of all regions in each hundredth place.
  const holes = [
    ...names
      .filter((_, index) => index % 10 === 0)
      .map((region, index) => `hour=${hour(index * 9000)}..${hour(index * 9000 + 999)}|region=${region}`),
    ...Array.from({ length: 10 }, (_, place) =>
      names.map((region) => `hour=${hour(place * 10_000 + 5000)}..${hour(place * 10_000 + 5009)}|region=${region}`),
    ).flat(),
  ];
  const failing = Array.from({ length: 200 }, (_, index) => `hour=${hour(index * 499 + 7)}|region=${names[(index * 37) % REGIONS]}`);
  const state = () => ({ made: all.subtract(space.ofKeys(holes)).subtract(space.ofKeys(failing)), failed: space.ofKeys(failing) });
  const before = memory();
  const copies = Array.from({ length: 20 }, state);
  const bytes = Math.round((memory() - before) / copies.length);
  const { made, failed } = copies.pop() ?? state();
  const asked = Array.from({ length: 1000 }, (_, index) => `hour=${hour((index * 7919) % HOURS)}|region=${names[(index * 31) % REGIONS]}`);
  yield figure({ figure: 'partitions of hours and regions', unit: 'partitions', ours: all.count(), bar: '>= 10000000' });
  yield timed('a thousand memberships', () => asked.filter((key) => made.has(key)).length);
  yield timed('count of those that were made', () => made.count());
  yield timed('the missing set, its count and its first hundred keys', () => first(all.subtract(made), 100));
  yield timed('the missing set of one month in one region', () => missingOf(space, { all, made }));
  yield timed('those that failed and are missing', () => all.subtract(made).intersect(failed).count());
  yield figure({ figure: 'state of the two sets', unit: 'bytes', ours: bytes, bar: '<= 1048576' });
  yield figure({ figure: 'the two sets as JSON', unit: 'bytes', ours: JSON.stringify([made, failed]).length, bar: null });
}

function first(set: PartitionSet, length: number): number {
  let left = length;
  for (const _ of set.keys()) if (--left === 0) break;
  return set.count();
}

function missingOf(space: PartitionSpace, { all, made }: { all: PartitionSet; made: PartitionSet }): number {
  const span = { kind: 'time', ranges: [{ from: Date.UTC(2015, 6, 1), to: Date.UTC(2015, 7, 1) }] } as const;
  const month = space.ofSlice({ kind: 'cross', dimensions: { hour: span, region: { kind: 'keys', keys: ['r00'] } } });
  return all.intersect(month).subtract(made).count();
}

interface Chain {
  readonly name: string;
  readonly definition: PartitionsDefinition;
  readonly now: string;
  /** How each asset depends on the one before. */
  over(upstream: Hours): Hours | Dep<unknown>;
}

type Hours = Asset<string, number, unknown, Partitions<TimeWindow>>;

const hours = { definition: partitions.hourly({ start: '2025-01-01T00:00Z' }).definition, now: '2026-02-21T16:00:00Z' };
const days = partitions.daily({ start: '1998-08-15', timezone: 'America/New_York' }).definition;
const CHAINS: readonly Chain[] = [
  { ...hours, name: '10,000 hours each', over: (upstream) => upstream },
  { name: '10,000 days in New York each', definition: days, now: '2026-01-01T12:00:00Z', over: (upstream) => upstream },
  { ...hours, name: '10,000 hours each that read a window of seven', over: (upstream) => window(upstream, { from: -6, to: 0 }) },
  { ...hours, name: '10,000 hours each that read every one', over: (upstream) => every(upstream) },
];

/** Plans three assets of one definition after all of their partitions were made: everything is fresh, and every partition has to be looked at. */
async function chain({ name, definition, now, over }: Chain): Promise<BenchFigure> {
  const of = { definition } as Partitions<TimeWindow>;
  const a = asset('a', { store: value<number>(), partitions: of }).run(() => 1);
  const b = asset('b', { store: value<number>(), partitions: of, deps: { a: over(a) } }).run(() => 1);
  const c = asset('c', { store: value<number>(), partitions: of, deps: { b: over(b) } }).run(() => 1);
  const graph = buildGraph({ assets: [a, b, c].map((one) => one.definition), checks: [], jobs: [] });
  const start = (state: RecordedState) =>
    startRun({
      run: 'bench',
      graph,
      selection: graph.keys,
      resources: { open: () => Promise.reject(new Error('none')) },
      clock: stillClock(now),
      signal: new AbortController().signal,
      runStore: { state: async () => state } as never,
    });
  const state = madeState(await start(emptyState), graph.assets);
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const run = await start(state);
    const began = performance.now();
    const planned = planOf(run);
    times.push(performance.now() - began);
    if (planned.assets.some(({ action }) => action !== 'skip')) throw new Error(`${name}: not everything is fresh`);
  }
  return figure({ figure: `plan of a chain of three assets, ${name}`, unit: 'ms', ours: rounded(median(times)), bar: '<= 1000' });
}

/** What a run that made every partition would have recorded. */
function madeState(run: Awaited<ReturnType<typeof startRun>>, assets: readonly AssetDefinition[]): RecordedState {
  const materialized: RecordedState['materialized'][number][] = [];
  for (const one of assets) {
    for (const partition of run.record.space(one.key)?.existing(run.now).keys() ?? []) {
      const event: Extract<RunEvent, { type: 'asset.materialized' }> = {
        type: 'asset.materialized',
        run: 'before',
        at: '2026-01-01T00:00:00.000Z',
        asset: one.key,
        partition,
        version: `v-${partition}`,
        codeVersion: run.codeVersion(one),
        configVersion: run.configVersion(one),
        inputs: inputVersions(run, one, partition),
        milliseconds: 1,
        metadata: {},
      };
      run.record.apply(event);
      materialized.push(event);
    }
  }
  return { ...emptyState, materialized };
}

function timed(name: string, work: () => number): BenchFigure {
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const began = performance.now();
    work();
    times.push(performance.now() - began);
  }
  return figure({ figure: name, unit: 'ms', ours: rounded(median(times)), bar: '<= 50' });
}

/** Bytes of the heap after a full collection. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function figure({ figure: name, unit, ours, bar }: Pick<BenchFigure, 'figure' | 'unit' | 'ours' | 'bar'>): BenchFigure {
  const [, operator, limit] = /^(>=|<=) (\d+)/.exec(bar ?? '') ?? [];
  const holds = limit === undefined ? null : operator === '>=' ? ours >= Number(limit) : ours <= Number(limit);
  return { bench: 'partitions', figure: name, unit, ours, peer: null, peerName: null, ratio: null, bar, holds };
}
