import type { z } from 'zod';
import type { Automation } from '../automation/condition.ts';
import type { Duration } from './duration.ts';
import type { Partitions } from '../partitions/definition.ts';
import type { Flat, NeedsOf, Resources } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';
import type { Context, ConfigIn } from './context.ts';
import type { AssetDefinition, AssetFunction } from './definition.ts';
import { dependenciesOf, type Dep, type Inputs } from './dependency.ts';

/** A piece of data that a pipeline makes, by name. The type parameters carry what dependents receive, which resources it needs, how it is partitioned and configured. */
export interface Asset<K extends string = string, Out = unknown, Needs = unknown, P = unknown, C = unknown> {
  readonly key: K;
  readonly definition: AssetDefinition;
  readonly _out?: Out;
  readonly _needs?: Needs;
  readonly _p?: P;
  readonly _config?: C;
}

/** An asset of which only what it loads (and how it is partitioned) matters: key, needs and config may be any. */
// oxlint-disable-next-line typescript/no-explicit-any -- inference must find O whatever the other parameters are
export type AssetOf<O, P = any, C = any> = Asset<any, O, any, P, C>;

/** Attempts in all, for transient errors only. */
export interface Retry {
  attempts: number;
  backoff?: 'fixed' | 'exponential';
  delay?: Duration;
}

export interface AssetSpec<S, D, C, R extends Resources, P> {
  description?: string;
  group?: string;
  owners?: readonly string[];
  tags?: Readonly<Record<string, string>>;
  /** Keys that this asset had before: its history is kept across the rename. */
  formerly?: readonly string[];
  /** Where the asset lives. Without one its value stays in memory, for the run alone. */
  store?: S;
  deps?: D;
  config?: C;
  resources?: R;
  partitions?: P;
  /** With `range`, neighboring partitions of time that are due together are made in one call, whose `partition` is the window over all of them. */
  backfill?: 'each' | 'range';
  automation?: Automation;
  freshness?: { within: Duration };
  retry?: Retry;
  timeout?: Duration;
  /** Assets of one pool run one at a time. */
  pool?: string;
  /** In place of the version computed from the source. */
  codeVersion?: string;
}

/** What a function may return: at once, or later. */
export type Returned<T> = T | Promise<T>;

/** Declared but without its function yet: the store's types are fixed before the function is checked, so literals and enums infer. */
export interface Declared<K extends string, S, D, C, R extends Resources, P> {
  run: S extends Store<infer In, infer Out, infer SR>
    ? (fn: (inputs: Inputs<D>, context: Context<C, R, P>) => Returned<In>) => Asset<K, Out, Flat<NeedsOf<R> & NeedsOf<SR>>, P, ConfigIn<C>>
    : <Out>(fn: (inputs: Inputs<D>, context: Context<C, R, P>) => Out) => Asset<K, Awaited<Out>, Flat<NeedsOf<R>>, P, ConfigIn<C>>;
}

/**
 * Declares an asset: a key, a store, dependencies, and with `.run` its function.
 *
 *     export const plays = asset('silver/plays', { store: table('silver.plays', Play), deps: { raw } })
 *       .run(async ({ raw }) => (await raw.all()).filter((play) => play.msPlayed > 0));
 */
export function asset<
  const K extends string,
  // oxlint-disable-next-line typescript/no-explicit-any -- In is contravariant: only any accepts every store
  S extends Store<any, any, any> | undefined = undefined,
  // oxlint-disable-next-line typescript/no-explicit-any -- likewise for what a dependency loads
  const D extends Record<string, Asset | Dep<any>> = {},
  C extends z.ZodObject | undefined = undefined,
  R extends Resources = {},
  // oxlint-disable-next-line typescript/no-explicit-any -- and for a partition's value
  P extends Partitions<any> | undefined = undefined,
>(key: K, spec: AssetSpec<S, D, C, R, P> = {}): Declared<K, S, D, C, R, P> {
  const run = (fn: AssetFunction): Asset<K> => ({ key, definition: { ...define(key, spec), run: fn } });
  // The conditional type of `run` cannot be followed by the compiler inside this function; its two branches have this one shape.
  return { run } as unknown as Declared<K, S, D, C, R, P>;
}

/** The definition without its function: of an asset, and of what is declared like one. */
export function define(
  key: string,
  // oxlint-disable-next-line typescript/no-explicit-any -- erases the types on purpose
  spec: AssetSpec<any, any, any, any, any>,
): AssetDefinition {
  return {
    key,
    description: spec.description,
    group: spec.group,
    owners: spec.owners ?? [],
    tags: spec.tags ?? {},
    formerly: spec.formerly ?? [],
    store: spec.store,
    dependencies: dependenciesOf(spec.deps ?? {}),
    config: spec.config,
    resources: spec.resources ?? {},
    partitions: spec.partitions?.definition,
    backfill: spec.backfill ?? 'each',
    automation: spec.automation?.condition,
    freshness: spec.freshness?.within,
    retry: { attempts: spec.retry?.attempts ?? 1, backoff: spec.retry?.backoff ?? 'exponential', delay: spec.retry?.delay ?? '1s' },
    timeout: spec.timeout,
    pool: spec.pool,
    codeVersion: spec.codeVersion,
    run: undefined,
    shared: undefined,
    transform: undefined,
  };
}
