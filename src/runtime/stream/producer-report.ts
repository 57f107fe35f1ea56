import type { ProduceRecord } from '../resource/broker.ts';
import type { Clock } from '../resource/clock.ts';
import type { Flush } from './notice.ts';
import { createSample } from './sample.ts';

export interface ProducerReportOptions {
  readonly clock: Clock;
  tell(notice: Flush): void;
  /** Asks for the version of the topic. */
  version(): Promise<string>;
}

/** Milliseconds of a producer that are told as one flush: its batches follow each other four times a second and more. */
const TOLD = 5_000;
const SAMPLED = 1_000;

/** Adds up what a producer appends, and tells of it some seconds after it began. */
export interface ProducerReport {
  flushed(batch: readonly ProduceRecord[]): void;
  /** Tells what is left. */
  end(): Promise<void>;
}

export function createProducerReport({ clock, tell, version }: ProducerReportOptions): ProducerReport {
  const over = new AbortController();
  const none = () => ({ records: 0, bytes: 0, latencies: createSample(SAMPLED), since: clock.elapsed() });
  let sum = none();
  let known = '';
  const told = async (): Promise<void> => {
    // Whether the broker answers is found out where it is written to: what was written is told anyhow.
    known = await version().catch(() => known);
    const { records, bytes, latencies, since } = sum;
    if (records === 0) return;
    sum = none();
    const milliseconds = Math.round(clock.elapsed() - since);
    tell({
      type: 'flushed',
      version: known,
      records,
      rows: records,
      rejected: 0,
      bytes,
      latencies: latencies.values,
      inputs: {},
      milliseconds,
    });
  };
  return {
    flushed(batch) {
      if (sum.records === 0) {
        sum = none();
        clock.sleep(TOLD, over.signal).then(told, () => {}); // the end tells what is left
      }
      const now = clock.now().getTime();
      for (const { value, timestamp } of batch) {
        sum.latencies.offer(now - timestamp);
        sum.bytes += value?.length ?? 0;
      }
      sum.records += batch.length;
    },
    async end() {
      over.abort();
      if (sum.records > 0) await told();
    },
  };
}
