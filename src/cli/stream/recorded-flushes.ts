import type { MaterializedEvent, RunStore } from '../../runtime/resource/run-store.ts';
import { quantile } from '../../runtime/stream/quantile.ts';

/** What the run store has of the flushes of one asset over the last minutes, by all processes. */
export interface RecordedFlushes {
  /** Streams that run now and flushed the asset within the span. */
  readonly processes: number;
  readonly flushes: number;
  /** Since the first flush of the span began. */
  readonly recordsPerSecond: number;
  readonly rejected: number;
  /** Of the values of records that were read and landed. */
  readonly bytesIn: number;
  /** Written. */
  readonly bytes: number;
  /** The middle and the largest number of records of a flush. */
  readonly flushRecords: { readonly p50: number | null; readonly most: number | null };
  /** Milliseconds: the middle one, and the worst, of the flushes' own quantiles. */
  readonly latency: { readonly p50: number | null; readonly p99: number | null };
  readonly rebalances: number;
  /** However long ago. */
  readonly lastFlushAt: string | null;
  /** As the last flush of each stream that runs told it. */
  readonly lag: number | null;
}

/** Milliseconds that are looked back on. */
const SPAN = 5 * 60_000;
/** Flushes that are read at first; more where the span has more. */
const FIRST = 500;

interface FlushMetadata {
  readonly records?: number;
  readonly rejected?: number;
  readonly bytesIn?: number;
  readonly latency?: { readonly p50: number; readonly p99: number };
  readonly lag?: number;
  readonly rebalances?: number;
}

/** `running` names the streams that run now. */
export async function recordedFlushes(store: RunStore, asset: string, running: readonly string[]): Promise<RecordedFlushes> {
  const now = Date.now();
  const since = new Date(now - SPAN).toISOString();
  const events = await readBack(store, asset, since);
  const flushes = events.filter(({ at }) => at >= since);
  const metadata = flushes.map((event) => event.metadata as FlushMetadata);
  const sum = (of: (one: FlushMetadata) => number | undefined) => metadata.reduce((total, one) => total + (of(one) ?? 0), 0);
  const latencies = metadata.flatMap(({ latency }) => (latency === undefined ? [] : [latency]));
  const sizes = metadata.map(({ records = 0 }) => records);
  const [first] = flushes;
  const seconds = first === undefined ? 0 : Math.min(SPAN, now - Date.parse(first.at) + first.milliseconds) / 1000;
  const newest = new Map(flushes.map(({ run, metadata: own }) => [run, (own as FlushMetadata).lag]));
  const lags = [...newest].flatMap(([run, lag]) => (lag === undefined || !running.includes(run) ? [] : [lag]));
  return {
    processes: [...newest.keys()].filter((run) => running.includes(run)).length,
    flushes: flushes.length,
    recordsPerSecond: seconds === 0 ? 0 : sum(({ records }) => records) / seconds,
    rejected: sum(({ rejected }) => rejected),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytes: flushes.reduce((total, { bytes = 0 }) => total + bytes, 0),
    flushRecords: { p50: quantile(sizes, 0.5) ?? null, most: quantile(sizes, 1) ?? null },
    latency: {
      p50:
        quantile(
          latencies.map(({ p50 }) => p50),
          0.5,
        ) ?? null,
      p99: latencies.length === 0 ? null : Math.max(...latencies.map((latency) => latency.p99)),
    },
    rebalances: sum(({ rebalances }) => rebalances),
    lastFlushAt: events.at(-1)?.at ?? null,
    lag: lags.length === 0 ? null : lags.reduce((total, lag) => total + lag, 0),
  };
}

/** The newest flushes, back to that instant at least: in growing steps, since the log may hold millions. */
async function readBack(store: RunStore, asset: string, since: string): Promise<readonly MaterializedEvent[]> {
  for (let limit = FIRST; ; limit *= 4) {
    const events = await store.events({ asset, types: ['asset.materialized'], limit });
    const [oldest] = events;
    if (oldest === undefined || events.length < limit || oldest.at < since)
      return events.filter((event): event is MaterializedEvent => event.type === 'asset.materialized');
  }
}
