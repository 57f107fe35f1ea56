import type { Partitions } from '../partitions/definition.ts';
import type { Rows } from '../store/rows.ts';
import type { Asset } from './asset.ts';
import type { DependencyDefinition, Mapping } from './definition.ts';

/** A dependency that reads something other than the same partition of the whole upstream. */
export interface Dep<T> {
  readonly _loads?: T;
  readonly dependency: DependencyDefinition;
}

const dep = <T>({ definition }: Asset, mapping: Mapping): Dep<T> => ({ dependency: { upstream: definition, mapping } });

// `any` below: an asset of any key, needs and config will do.
/** The upstream's partitions from `from` to `to` steps around this one: one handle for rows, a list for values. */
// oxlint-disable-next-line typescript/no-explicit-any
export function window<O>(
  asset: Asset<any, O, any, Partitions<any>, any>,
  span: { from: number; to: number },
): Dep<O extends Rows<any> ? O : readonly O[]> {
  return dep(asset, { kind: 'window', ...span });
}

/** Every partition of the upstream: one handle for rows, a map by partition key for values. */
// oxlint-disable-next-line typescript/no-explicit-any
export function every<O>(asset: Asset<any, O, any, Partitions<any>, any>): Dep<O extends Rows<any> ? O : ReadonlyMap<string, O>> {
  return dep(asset, { kind: 'every' });
}

/** Order only: this asset runs after the other and receives nothing of it. */
export function after(asset: Asset): Dep<void> {
  return dep(asset, { kind: 'order' });
}

/** What the function receives for each declared dependency. */
// oxlint-disable-next-line typescript/no-explicit-any -- infers Out whatever the rest is
export type Inputs<D> = { [K in keyof D]: D[K] extends Asset<any, infer O, any, any, any> ? O : D[K] extends Dep<infer O> ? O : never };

export function dependenciesOf(deps: Readonly<Record<string, Asset | Dep<unknown>>>): Readonly<Record<string, DependencyDefinition>> {
  const entries = Object.entries(deps).map(
    ([name, value]) =>
      [name, 'dependency' in value ? value.dependency : { upstream: value.definition, mapping: { kind: 'same' } as const }] as const,
  );
  return Object.fromEntries(entries);
}
