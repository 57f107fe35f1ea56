import type { z } from 'zod';
import type { Partitions } from '../partitions/definition.ts';
import type { Flat, NeedsOf, Resources } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';
import { define, type Asset, type AssetSpec, type Returned } from './asset.ts';
import type { ConfigIn, Context } from './context.ts';
import type { AssetFunction } from './definition.ts';
import type { Dep, Inputs } from './dependency.ts';

/** One of the assets that a function yields: what it does not share with the others. */
export interface Output {
  key: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- stores of every type
  store: Store<any, any, any>;
  description?: string;
  /** Added to those of all outputs. */
  tags?: Readonly<Record<string, string>>;
  formerly?: readonly string[];
}

// oxlint-disable-next-line typescript/no-explicit-any
type InOf<S> = S extends Store<infer In, any, any> ? In : never;
// oxlint-disable-next-line typescript/no-explicit-any
type OutOf<S> = S extends Store<any, infer Out, any> ? Out : never;
// oxlint-disable-next-line typescript/no-explicit-any
type StoreNeeds<S> = S extends Store<any, any, infer R> ? NeedsOf<R> : never;

type Values<O extends Record<string, Output>> = { [K in keyof O]: InOf<O[K]['store']> };

export interface AssetsSpec<O, D, C, R extends Resources, P> extends Omit<AssetSpec<undefined, D, C, R, P>, 'store' | 'formerly'> {
  outputs: O;
}

/**
 * One function that yields several assets: it is called once for each run and partition, and each output that is due goes to its own store.
 *
 *     export const { good, bad } = assets({ outputs: { good: { key: 'split/good', store: … }, bad: { key: 'split/bad', store: … } }, deps: { raw } })
 *       .run(async ({ raw }) => ({ good: …, bad: … }));
 */
export function assets<
  const O extends Record<string, Output>,
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever a dependency loads
  const D extends Record<string, Asset | Dep<any>> = {},
  C extends z.ZodObject | undefined = undefined,
  R extends Resources = {},
  // oxlint-disable-next-line typescript/no-explicit-any -- and a partition's value
  P extends Partitions<any> | undefined = undefined,
>(
  spec: AssetsSpec<O, D, C, R, P>,
): {
  run(fn: (inputs: Inputs<D>, context: Context<C, R, P>) => Returned<Values<O>>): {
    [K in keyof O]: Asset<O[K]['key'], OutOf<O[K]['store']>, Flat<NeedsOf<R> & StoreNeeds<O[K]['store']>>, P, ConfigIn<C>>;
  };
} {
  const { outputs, ...common } = spec;
  const keys = Object.values(outputs).map(({ key }) => key);
  const name = keys.join(' + ');
  const names = Object.keys(outputs);
  const run = (fn: unknown) =>
    Object.fromEntries(
      Object.entries<Output>(outputs).map(([output, { key, tags, ...own }]) => {
        const declared = define(key, { ...common, ...own, tags: { ...common.tags, ...tags } });
        return [output, { key, definition: { ...declared, run: fn as AssetFunction, shared: { name, output, outputs: names } } }];
      }),
    );
  // Object.fromEntries forgets which key carries which type.
  return { run } as never;
}
