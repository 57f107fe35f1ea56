import type { AssetDefinition } from '../declare/definition.ts';
import { givenValue } from './given-value.ts';
import { loadValue } from './load-inputs.ts';
import type { RunContext } from './run-context.ts';
import { ownSlice, storeContext } from './store-access.ts';

/** What an asset holds, of one partition or as a whole, as dependents receive it: given, kept by its store, or made now. */
export async function readAsset(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<unknown> {
  const store = asset.store?.spec;
  if (store?.readsRows !== true) return loadValue(run, asset, partition);
  const fixtures = run
    .given(asset.key)
    .filter((fixture) => fixture.partition === undefined || partition === undefined || fixture.partition === partition);
  if (fixtures.length > 0) return givenValue(run, asset, { fixtures, slice: ownSlice(run, asset, partition) });
  return store.read(await storeContext(run, { asset, partition }));
}
