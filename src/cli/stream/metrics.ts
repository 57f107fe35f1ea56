import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import type { StreamNotice } from '../../runtime/stream/notice.ts';
import { codedError } from '../print-error.ts';
import type { Redactor } from '../redact.ts';

/** What one asset did since the process began. */
export interface AssetSummary {
  readonly asset: string;
  readonly flushes: number;
  readonly records: number;
  readonly rejected: number;
  /** Written. */
  readonly bytes: number;
  /** Milliseconds from a record's own time until it was written; null where nothing was. */
  readonly latency: { readonly p50: number | null; readonly p99: number | null };
  readonly lag: number;
  readonly rebalances: number;
  readonly interruptions: number;
}

export interface StreamMetrics {
  listen(asset: string, notice: StreamNotice): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
  /** What is interrupted now, by asset, and by partition where only one is: empty where all runs. */
  interrupted(): Readonly<Record<string, string>>;
  summary(): Promise<readonly AssetSummary[]>;
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
const RECORDS = [10, 100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000];
const BYTES = [1 << 10, 1 << 14, 1 << 17, 1 << 20, 1 << 22, 1 << 24];

/** Gathers what the streams of this process tell. */
export function createMetrics(assets: readonly string[], redactor: Redactor): StreamMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labelNames = ['asset'] as const;
  const counter = (name: string, help: string) => new Counter({ name: `spindle_stream_${name}`, help, labelNames, registers });
  const records = counter('records_total', 'Records written: produced, or landed with the flagged ones.');
  const rejected = counter('rejected_records_total', 'Records that were set aside as dead letters.');
  const bytesIn = counter('read_bytes_total', 'Bytes of the values of records that were read and landed.');
  const bytesOut = counter('written_bytes_total', 'Bytes written: of values produced, or of compressed objects.');
  const flushes = counter('flushes_total', 'Objects created, or flushes of a producer.');
  const rebalances = counter('rebalances_total', 'Times that the consumer group was divided anew.');
  const interruptions = new Counter({
    name: 'spindle_stream_interruptions_total',
    help: 'Times that work stopped with an error and was taken up again.',
    labelNames: ['asset', 'code'],
    registers,
  });
  const lag = new Gauge({
    name: 'spindle_stream_lag_records',
    help: 'Records of a partition that this process has and that are not landed yet.',
    labelNames: ['asset', 'partition'],
    registers,
  });
  const up = new Gauge({ name: 'spindle_stream_up', help: '1 where nothing of the asset is interrupted.', labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `spindle_stream_${name}`, help, labelNames, buckets, registers });
  const latency = histogram(
    'latency_seconds',
    "Seconds from a record's own time until it was written, of a sample of the records.",
    SECONDS,
  );
  const flushRecords = histogram('flush_records', 'Records of a flush.', RECORDS);
  const flushBytes = histogram('flush_bytes', 'Bytes that a flush wrote.', BYTES);
  // Quantiles for people; dashboards add up the histograms of all processes.
  const quantiles = new Summary({ name: 'latency', help: 'latency', labelNames, percentiles: [0.5, 0.99], registers: [] });
  const stopped = new Map<string, string>();
  const partitions = new Map<string, readonly number[]>();
  const place = (asset: string, partition: number | undefined) => (partition === undefined ? asset : `${asset} [${partition}]`);
  const showUp = (asset: string) =>
    up.set({ asset }, [...stopped.keys()].some((name) => name === asset || name.startsWith(`${asset} [`)) ? 0 : 1);
  for (const asset of assets) showUp(asset);

  return {
    contentType: registry.contentType,
    // prom-client writes "Nan", which strict readers do not know.
    text: async () => (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN'),
    interrupted: () => Object.fromEntries(stopped),
    listen(asset, notice) {
      switch (notice.type) {
        case 'flushed':
          if (notice.records === 0) return;
          records.inc({ asset }, notice.records);
          rejected.inc({ asset }, notice.rejected);
          bytesIn.inc({ asset }, notice.bytesIn ?? 0);
          bytesOut.inc({ asset }, notice.bytes ?? 0);
          flushes.inc({ asset });
          flushRecords.observe({ asset }, notice.records);
          flushBytes.observe({ asset }, notice.bytes ?? 0);
          for (const milliseconds of notice.latencies) {
            latency.observe({ asset }, milliseconds / 1000);
            quantiles.observe({ asset }, milliseconds);
          }
          return;
        case 'lag':
          // Of a partition that was lost while the broker was asked, others tell.
          for (const [partition, value] of notice.lag)
            if (partitions.get(asset)?.includes(partition) === true) lag.set({ asset, partition }, value);
          return;
        case 'assigned':
          rebalances.inc({ asset });
          for (const partition of partitions.get(asset) ?? []) {
            if (notice.partitions.includes(partition)) continue;
            lag.remove({ asset, partition });
            stopped.delete(place(asset, partition));
          }
          partitions.set(asset, notice.partitions);
          return showUp(asset);
        case 'interrupted': {
          const { code, message } = codedError(notice.error);
          interruptions.inc({ asset, code });
          // What is interrupted as a whole begins anew with all its partitions.
          if (notice.partition === undefined) for (const partition of partitions.get(asset) ?? []) stopped.delete(place(asset, partition));
          stopped.set(place(asset, notice.partition), redactor.text(message));
          return showUp(asset);
        }
        case 'resumed':
          stopped.delete(place(asset, notice.partition));
          return showUp(asset);
        case 'idle':
        case 'waiting':
          return;
      }
    },
    async summary() {
      const read = async (metric: Counter<'asset'>, asset: string) =>
        (await metric.get()).values.find(({ labels }) => labels.asset === asset)?.value ?? 0;
      const sum = async (metric: Counter | Gauge, asset: string) =>
        (await metric.get()).values.filter(({ labels }) => labels['asset'] === asset).reduce((total, { value }) => total + value, 0);
      const times = (await quantiles.get()).values;
      const quantile = (asset: string, share: number) => {
        const found = times.find(({ labels }) => labels.asset === asset && (labels as { quantile?: number }).quantile === share)?.value;
        return found === undefined || Number.isNaN(found) ? null : Math.round(found);
      };
      return Promise.all(
        assets.map(async (asset) => ({
          asset,
          flushes: await read(flushes, asset),
          records: await read(records, asset),
          rejected: await read(rejected, asset),
          bytes: await read(bytesOut, asset),
          latency: { p50: quantile(asset, 0.5), p99: quantile(asset, 0.99) },
          lag: await sum(lag, asset),
          rebalances: await read(rebalances, asset),
          interruptions: await sum(interruptions, asset),
        })),
      );
    },
  };
}
