import type { Flat, NeedsOf } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';
import { define, type Asset } from './asset.ts';
import type { CommonContext } from './context.ts';
import type { AssetFunction } from './definition.ts';
import type { Dep, Inputs } from './dependency.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- stores of every type
type Outputs = Record<string, { key: string; store: Store<any, any, any> }>;
// oxlint-disable-next-line typescript/no-explicit-any
type InOf<S> = S extends Store<infer In, any, any> ? In : never;
// oxlint-disable-next-line typescript/no-explicit-any
type OutOf<S> = S extends Store<any, infer Out, any> ? Out : never;
// oxlint-disable-next-line typescript/no-explicit-any
type StoreNeeds<S> = S extends Store<any, any, infer R> ? Flat<NeedsOf<R>> : never;

type Values<O extends Outputs> = { [K in keyof O]: InOf<O[K]['store']> };

interface AssetsSpec<O, D> {
  outputs: O;
  deps?: D;
  group?: string;
  owners?: readonly string[];
}

/** One function that yields several assets: it runs once, and each output goes to its own store. */
// oxlint-disable-next-line typescript/no-explicit-any
export function assets<const O extends Outputs, const D extends Record<string, Asset | Dep<any>> = {}>(
  spec: AssetsSpec<O, D>,
): {
  run(fn: (inputs: Inputs<D>, context: CommonContext) => Values<O> | Promise<Values<O>>): {
    [K in keyof O]: Asset<O[K]['key'], OutOf<O[K]['store']>, StoreNeeds<O[K]['store']>, undefined>;
  };
} {
  const { outputs, ...rest } = spec;
  const name = Object.values(outputs)
    .map(({ key }) => key)
    .join(' + ');
  const run = (fn: unknown) =>
    Object.fromEntries(
      Object.entries(outputs).map(([output, { key, store }]) => {
        const definition = { ...define(key, { ...rest, store }), run: fn as AssetFunction, shared: { name, output } };
        return [output, { key, definition }];
      }),
    );
  // Object.fromEntries forgets which key carries which type.
  return { run } as never;
}
