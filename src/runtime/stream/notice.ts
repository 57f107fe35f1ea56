import type { Written } from '../store/store.ts';

/** What was written by one flush: an object of a chain, or some seconds of a producer. */
export interface Flush extends Written {
  readonly type: 'flushed';
  /** Records written, flagged ones included. */
  readonly records: number;
  /** Of them, the ones that were flagged. */
  readonly rejected: number;
  /** Bytes of the values of the records that were read for it. */
  readonly bytesIn?: number;
  /** How long it took from a record's own time until it was written, in milliseconds, of a sample of the records. */
  readonly latencies: readonly number[];
  /** The versions of what was read: the asset's inputs, by their keys. */
  readonly inputs: Readonly<Record<string, string>>;
  /** From its opening to its end. */
  readonly milliseconds: number;
}

/** What a stream tells while it runs: closed, so that whoever listens knows it all. */
export type StreamNotice =
  | Flush
  /** Records that are not written yet, by partition, of those that this process has. */
  | { readonly type: 'lag'; readonly lag: ReadonlyMap<number, number> }
  /** The consumer group was divided anew. */
  | { readonly type: 'assigned'; readonly partitions: readonly number[] }
  /** Work stopped with an error, and is taken up again after `delay` milliseconds. */
  | { readonly type: 'interrupted'; readonly error: unknown; readonly delay: number; readonly partition?: number }
  /** Another process streams this asset, which one at a time may: its place is taken when it ends. `holder` names it as claims do. */
  | { readonly type: 'waiting'; readonly holder: string }
  /** All that there is was written, and more is waited for. */
  | { readonly type: 'idle' }
  /** What was interrupted goes on. */
  | { readonly type: 'resumed'; readonly partition?: number };
