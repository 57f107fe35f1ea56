import type { Clock } from '../resource/clock.ts';
import type { ProduceRecord } from '../resource/broker.ts';
import type { Flush, StreamNotice } from './notice.ts';

export interface ProducerReportOptions {
  readonly clock: Clock;
  tell(notice: StreamNotice): void;
  /** Asks for the version of the topic. */
  version(): Promise<string>;
}

/** Milliseconds of a producer that are told as one flush: its batches follow each other four times a second and more. */
const TOLD = 5_000;
const SAMPLED = 16;

/** Adds up what a producer appends, and tells of it every few seconds. */
export function createProducerReport({ clock, tell, version }: ProducerReportOptions) {
  let records = 0;
  let bytes = 0;
  let latencies: number[] = [];
  let since = clock.elapsed();
  const told = async (): Promise<void> => {
    if (records === 0) return;
    const elapsed = clock.elapsed();
    const flush: Omit<Flush, 'version'> = {
      type: 'flushed',
      records,
      rows: records,
      rejected: 0,
      bytes,
      latencies,
      inputs: {},
      milliseconds: Math.round(elapsed - since),
    };
    records = 0;
    bytes = 0;
    latencies = [];
    since = elapsed;
    tell({ ...flush, version: await version() });
  };
  return {
    async flushed(batch: readonly ProduceRecord[]): Promise<void> {
      const now = clock.now().getTime();
      for (const [index, { value, timestamp }] of batch.entries()) {
        if (index % SAMPLED === 0) latencies.push(now - timestamp);
        bytes += value?.length ?? 0;
      }
      records += batch.length;
      if (clock.elapsed() - since >= TOLD) await told();
    },
    end: told,
  };
}
