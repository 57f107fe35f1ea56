import type { Broker } from '../../runtime/resource/broker.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { MaterializedEvent, RunStore } from '../../runtime/resource/run-store.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { formatCount, formatDuration } from '../format.ts';
import { landingsOf } from '../landing/landings.ts';
import { landingStatus, type PartitionStatus } from '../landing/status.ts';
import { openPipeline } from '../pipeline.ts';
import { requireRunStore } from '../require-run-store.ts';
import { listRuns } from '../runs/run-status.ts';
import { table, type TableColumn } from '../table.ts';
import { STREAM_TAG } from './stream-tag.ts';

export interface StatusArguments {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
  readonly select?: string | undefined;
  readonly json: boolean;
}

/** How the streams of one asset come along, over the last minutes and all processes. */
interface AssetStatus {
  readonly asset: string;
  /** Streams that run now and flushed this asset within the span. */
  readonly processes: number;
  readonly flushes: number;
  readonly recordsPerSecond: number;
  readonly rejected: number;
  readonly bytes: number;
  /** Milliseconds: the middle one, and the worst, of the flushes' own quantiles. */
  readonly latency: { readonly p50: number | null; readonly p99: number | null };
  readonly rebalances: number;
  readonly lastFlushAt: string | null;
  /** Of a landing: by partition. */
  readonly lag: readonly PartitionStatus[];
}

/** Milliseconds that the status looks back. */
const SPAN = 5 * 60_000;
const FLUSHES = 5_000;

/** Shows how the streams come along: what the run store has of the last minutes, and how far each partition is landed. */
export async function streamStatus(args: StatusArguments, context: CommandContext): Promise<ExitCode> {
  const { output, signal } = context;
  const pipeline = await openPipeline(args, context);
  try {
    const { graph } = pipeline.session;
    const selected = new Set(await pipeline.select());
    const assets = graph.assets.filter(({ key, store, run }) => selected.has(key) && store?.spec.stream !== undefined && run !== undefined);
    const store = await requireRunStore(pipeline);
    const running = (await listRuns(store, { limit: 1_000, tag: STREAM_TAG, status: 'running' })).map(({ run }) => run);
    const landings = landingsOf(graph).filter(({ asset }) => selected.has(asset));
    const resources =
      landings.length === 0
        ? undefined
        : {
            broker: (await pipeline.environment.open('broker')) as Broker,
            lake: (await pipeline.environment.open('lake')) as ObjectStore,
            signal,
          };
    const statuses: AssetStatus[] = [];
    for (const { key } of assets) {
      const own = landings.filter(({ asset }) => asset === key);
      const lag = resources === undefined ? [] : (await Promise.all(own.map((landing) => landingStatus(landing, resources)))).flat();
      statuses.push({ ...(await flushesOf(store, key, running)), lag });
    }
    if (args.json) output.json({ running: running.length, assets: statuses });
    else {
      output.print(statuses.length === 0 ? 'The project has no topic and no landing.' : table(COLUMNS, statuses, output.style.bold));
      output.print(
        `\n${running.length === 0 ? 'No stream runs.' : `${running.length} ${running.length === 1 ? 'stream runs' : 'streams run'}.`}`,
      );
    }
    return EXIT.ok;
  } finally {
    await pipeline.close();
  }
}

interface FlushMetadata {
  readonly records?: number;
  readonly rejected?: number;
  readonly latency?: { readonly p50: number; readonly p99: number };
  readonly rebalances?: number;
}

async function flushesOf(store: RunStore, asset: string, running: readonly string[]): Promise<Omit<AssetStatus, 'lag'>> {
  const since = new Date(Date.now() - SPAN).toISOString();
  const events = await store.events({ asset, types: ['asset.materialized'], limit: FLUSHES });
  const flushes = events.filter((event): event is MaterializedEvent => event.type === 'asset.materialized' && event.at >= since);
  const metadata = flushes.map((event) => event.metadata as FlushMetadata);
  const sum = (of: (one: FlushMetadata) => number | undefined) => metadata.reduce((total, one) => total + (of(one) ?? 0), 0);
  const latencies = metadata.flatMap(({ latency }) => (latency === undefined ? [] : [latency]));
  const p50 = latencies.map((latency) => latency.p50).toSorted((a, b) => a - b);
  const byRun = new Map(flushes.map(({ run, metadata: own }) => [run, (own as FlushMetadata).rebalances ?? 0]));
  return {
    asset,
    processes: new Set(flushes.map(({ run }) => run).filter((run) => running.includes(run))).size,
    flushes: flushes.length,
    recordsPerSecond: sum(({ records }) => records) / (SPAN / 1000),
    rejected: sum(({ rejected }) => rejected),
    bytes: flushes.reduce((total, { bytes = 0 }) => total + bytes, 0),
    latency: {
      p50: p50[Math.floor(p50.length / 2)] ?? null,
      p99: latencies.length === 0 ? null : Math.max(...latencies.map((latency) => latency.p99)),
    },
    rebalances: [...byRun.values()].reduce((total, one) => total + one, 0),
    lastFlushAt: flushes.at(-1)?.at ?? null,
  };
}

const time = (milliseconds: number | null): string => (milliseconds === null ? '-' : formatDuration(milliseconds));

const COLUMNS: readonly TableColumn<AssetStatus>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'processes', text: ({ processes }) => String(processes), align: 'right' },
  { title: 'records/s', text: ({ recordsPerSecond }) => recordsPerSecond.toFixed(1), align: 'right' },
  { title: 'set aside', text: ({ rejected }) => formatCount(rejected), align: 'right' },
  { title: 'flushes', text: ({ flushes }) => formatCount(flushes), align: 'right' },
  { title: 'p50', text: ({ latency }) => time(latency.p50), align: 'right' },
  { title: 'p99', text: ({ latency }) => time(latency.p99), align: 'right' },
  { title: 'lag', text: ({ lag }) => (lag.length === 0 ? '-' : formatCount(lag.reduce((sum, one) => sum + one.lag, 0))), align: 'right' },
  { title: 'rebalances', text: ({ rebalances }) => formatCount(rebalances), align: 'right' },
  { title: 'last flush', text: ({ lastFlushAt }) => lastFlushAt ?? '-' },
];
