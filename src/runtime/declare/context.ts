import type { z } from 'zod';
import type { Partitions } from '../partitions/definition.ts';
import type { Opened, Resources } from '../resource/resource.ts';

/** What every function gets: of an asset, of a check. */
export interface CommonContext {
  readonly signal: AbortSignal;
  /** The run's clock: fixed in tests. Use it in place of `new Date()`. */
  now(): Date;
  /** In [0, 1), seeded by the run's seed, the asset's key and the partition. */
  random(): number;
  log(message: string, fields?: object): void;
  /** Recorded with the materialization: any JSON value, by name. */
  metadata(values: Record<string, unknown>): void;
}

/** Which call of a function it is: to name things after it, or for a service that recognizes repeated calls. */
export interface StepInfo {
  readonly run: string;
  /** The asset's key; of a multi-asset, the keys of all joined by ` + `. */
  readonly asset: string;
  /** The partition's key. */
  readonly partition: string | undefined;
  /** From 1 on. */
  readonly attempt: number;
}

/** How an asset is kept running: what its function yields may have no end, and a record whose timestamp lies ahead is held back until then. */
export interface StreamInfo {
  /** Records a second that are wanted; as many as there are where it is undefined. */
  readonly rate: number | undefined;
}

export type ConfigOf<C> = C extends z.ZodObject ? z.output<C> : {};
export type ConfigIn<C> = C extends z.ZodObject ? z.input<C> : never;

export type Context<C, R extends Resources, P> = CommonContext & {
  readonly config: ConfigOf<C>;
  readonly resources: Opened<R>;
  readonly step: StepInfo;
  /** Set under `spindle stream`; undefined where the function is to end with what there is now. */
  readonly stream: StreamInfo | undefined;
  progress(done: number, total?: number): void;
} & (P extends Partitions<infer V> ? { readonly partition: V } : {});
