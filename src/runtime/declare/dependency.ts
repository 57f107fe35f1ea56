import type { Partitions } from '../partitions/definition.ts';
import type { Rows } from '../store/rows.ts';
import type { Asset, AssetOf } from './asset.ts';
import type { DependencyDefinition, Mapping } from './definition.ts';

/** A dependency that reads something other than the same partition of the whole upstream. */
export interface Dep<T> {
  readonly _loads?: T;
  readonly dependency: DependencyDefinition;
}

const dep = <T>({ definition }: Asset, mapping: Mapping): Dep<T> => ({ dependency: { upstream: definition, mapping } });

/** Rows of any type. */
// oxlint-disable-next-line typescript/no-explicit-any -- the row type is the asset's own
type AnyRows = Rows<any>;
// oxlint-disable-next-line typescript/no-explicit-any -- partitioned, however
type AnyPartitions = Partitions<any>;
/** Partitions that have neighbors: of time, alone or as a dimension. Those of static and dynamic keys are texts. */
type TimePartitions = Partitions<object>;

/** The upstream's partitions from `from` to `to` steps around this one: one handle for rows, a list for values. */
export function window<O>(
  asset: AssetOf<O, TimePartitions>,
  span: { from: number; to: number },
): Dep<O extends AnyRows ? O : readonly O[]> {
  return dep(asset, { kind: 'window', ...span });
}

/** Every partition of the upstream: one handle for rows, a map by partition key for values. */
export function every<O>(asset: AssetOf<O, AnyPartitions>): Dep<O extends AnyRows ? O : ReadonlyMap<string, O>> {
  return dep(asset, { kind: 'every' });
}

/** The partitions that functions of keys name: one handle for rows, a map by partition key for values. Without `downstream`, each partition of this asset is asked what it reads. */
export function mapped<O>(
  asset: AssetOf<O, AnyPartitions>,
  keys: { upstream: (key: string) => Iterable<string>; downstream?: (key: string) => Iterable<string> },
): Dep<O extends AnyRows ? O : ReadonlyMap<string, O>> {
  return dep(asset, { kind: 'custom', upstream: keys.upstream, downstream: keys.downstream });
}

/** Order only: this asset runs after the other and receives nothing of it. */
export function after(asset: Asset): Dep<void> {
  return dep(asset, { kind: 'order' });
}

/** What the function receives for each declared dependency. */
export type Inputs<D> = { [K in keyof D]: D[K] extends AssetOf<infer O> ? O : D[K] extends Dep<infer O> ? O : never };

export function dependenciesOf(deps: Readonly<Record<string, Asset | Dep<unknown>>>): Readonly<Record<string, DependencyDefinition>> {
  const entries = Object.entries(deps).map(
    ([name, value]) =>
      [name, 'dependency' in value ? value.dependency : { upstream: value.definition, mapping: { kind: 'same' } as const }] as const,
  );
  return Object.fromEntries(entries);
}
