import type { Partitions } from '../partitions/definition.ts';
import type { Flat, NeedsOf, Opened, Resources } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';
import { define, type Asset } from './asset.ts';
import type { AssetDefinition } from './definition.ts';
import type { Dep } from './dependency.ts';

/** What a function that observes a source gets. */
export interface ObserveContext<R> {
  readonly signal: AbortSignal;
  /** The run's clock. */
  now(): Date;
  readonly resources: R;
}

/** Tells the version of the data now: any text that differs when the data does; undefined where there is none. */
export type Observe<R> = (context: ObserveContext<R>) => Promise<string | undefined> | string | undefined;

interface Described {
  description?: string;
  group?: string;
  owners?: readonly string[];
  tags?: Readonly<Record<string, string>>;
  formerly?: readonly string[];
  deps?: Record<string, Dep<void>>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the overloads carry the types
type AnyStore = Store<any, any, any>;

/** Data that something else writes: observed, never materialized. Its version is what its store says. */
export function source<
  const K extends string,
  In,
  Out,
  SR extends Resources,
  // oxlint-disable-next-line typescript/no-explicit-any -- a partition's value of any type
  P extends Partitions<any> | undefined = undefined,
  R extends Resources = {},
>(
  key: K,
  spec: Described & {
    store: Store<In, Out, SR>;
    partitions?: P;
    resources?: R;
    /** In place of the store's version: for a store that cannot tell, or not cheaply. Of a source without partitions. */
    observe?: Observe<Opened<R>>;
  },
): Asset<K, Out, Flat<NeedsOf<R> & NeedsOf<SR>>, NoInfer<P>, never>;
/** Data that no store knows: dependents receive nothing of it, and become stale when `observe` tells another version. */
export function source<const K extends string, R extends Resources = {}>(
  key: K,
  spec: Described & { resources?: R; observe: Observe<Opened<R>> },
): Asset<K, void, Flat<NeedsOf<R>>, undefined, never>;
export function source(
  key: string,
  spec: Described & { store?: AnyStore; partitions?: Partitions; resources?: Resources; observe?: unknown },
): Asset {
  const { observe, ...rest } = spec;
  const definition = define(key, rest);
  return {
    key,
    definition: observe === undefined ? definition : { ...definition, observe: observe as NonNullable<AssetDefinition['observe']> },
  };
}
