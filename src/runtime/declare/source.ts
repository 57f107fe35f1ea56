import type { Partitions } from '../partitions/definition.ts';
import type { Flat, NeedsOf, Resources } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';
import { define, type Asset } from './asset.ts';
import type { Dep } from './dependency.ts';

/** Data that something else writes: observed, never materialized. */
export function source<
  const K extends string,
  In,
  Out,
  SR extends Resources,
  // oxlint-disable-next-line typescript/no-explicit-any -- a partition's value of any type
  P extends Partitions<any> | undefined = undefined,
>(
  key: K,
  spec: {
    description?: string;
    group?: string;
    owners?: readonly string[];
    store: Store<In, Out, SR>;
    partitions?: P;
    deps?: Record<string, Dep<void>>;
  },
): Asset<K, Out, Flat<NeedsOf<SR>>, P> {
  return { key, definition: define(key, spec) };
}
