import type { AssetDefinition } from '../declare/definition.ts';
import { grainOf, knownPartitions, type Grain } from '../plan/inputs.ts';
import { warehouse, type Warehouse } from '../resource/warehouse.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields } from './step-name.ts';
import { storeContext } from './store-access.ts';

/** Asks the drivers for the versions of what the selection reads and writes, and records those that differ from the record. */
export async function observe(run: RunContext): Promise<void> {
  const wanted = new Set(run.selected);
  for (const key of run.selected)
    for (const { upstream } of Object.values(run.graph.get(key)?.dependencies ?? {})) wanted.add(upstream.key);
  const assets = run.graph.assets.filter((asset) => wanted.has(asset.key) && run.given(asset.key).length === 0);
  await Promise.all(assets.map((asset) => observeVersion(run, asset)));
  await observeModels(run, assets);
  for (const asset of assets) await observeSlices(run, asset);
}

/** A model's version follows from its code and inputs: no driver can tell it. Of partitions, those are asked for that were materialized. */
async function observeVersion(run: RunContext, asset: AssetDefinition): Promise<void> {
  const store = asset.store?.spec;
  if (store === undefined || asset.transform !== undefined) return;
  const partitions = asset.partitions === undefined ? [undefined] : knownPartitions(run, asset).map(({ key }) => key);
  await Promise.all(
    partitions.map(async (partition) => {
      const version = await store.version(await storeContext(run, { asset, partition }));
      if (version === run.record.version(asset.key, partition)) return;
      await run.emit({ type: 'asset.observed', ...stamp(run), ...stepFields({ asset: asset.key, partition }), version: version ?? null });
    }),
  );
}

/** Records the models whose tables somebody removed: that they are there is all that a warehouse can tell of them. */
async function observeModels(run: RunContext, assets: readonly AssetDefinition[]): Promise<void> {
  const models = assets.filter(({ key, transform }) => transform !== undefined && run.record.version(key) !== undefined);
  if (models.length === 0) return;
  const client = (await run.resources.open(warehouse.name)) as Warehouse;
  const present = new Set((await client.tables()).map(({ name }) => name));
  for (const { key, store } of models)
    if (!present.has(store?.spec.location ?? '')) await run.emit({ type: 'asset.observed', ...stamp(run), asset: key, version: null });
}

/** Records the versions by event time that selected dependents need, where they are not known for the asset's present version. */
export async function observeSlices(run: RunContext, asset: AssetDefinition): Promise<void> {
  const { record, graph, selected } = run;
  const sliceVersions = asset.store?.spec.sliceVersions;
  const version = record.version(asset.key);
  if (sliceVersions === undefined || version === undefined || run.given(asset.key).length > 0) return;
  const grains = new Map<string, Grain>();
  for (const key of graph.downstream(asset.key)) {
    const dependent = graph.get(key);
    if (dependent === undefined || !selected.has(key)) continue;
    for (const dependency of Object.values(dependent.dependencies)) {
      const grain = dependency.upstream.key === asset.key ? grainOf(dependent, dependency) : undefined;
      if (grain !== undefined) grains.set(grain.name, grain);
    }
  }
  const unknown = [...grains.values()].filter(({ name }) => record.slices(asset.key, name) === undefined);
  if (unknown.length === 0) return;
  const context = await storeContext(run, { asset, partition: undefined });
  const slices: Record<string, Readonly<Record<string, string>>> = {};
  for (const { name, unit, timezone } of grains.values()) slices[name] = Object.fromEntries(await sliceVersions(context, unit, timezone));
  await run.emit({ type: 'asset.observed', ...stamp(run), asset: asset.key, version, slices });
}
