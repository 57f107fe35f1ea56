import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { grainOf, type Grain } from '../plan/inputs.ts';
import { warehouse, type Warehouse } from '../resource/warehouse.ts';
import { isTransient, recordedError } from './recorded-error.ts';
import { stamp, type RunContext } from './run-context.ts';
import { semaphore } from '../semaphore.ts';
import { stepFields, type StepName } from './step-name.ts';
import { openAll, originOf, storeContext } from './store-access.ts';

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
  if (asset.observe !== undefined) return observeSource(run, asset, asset.observe);
  if (store === undefined || asset.transform !== undefined) return;
  const versionOf = async (partition: string | undefined) => store.version(await storeContext(run, { asset, partition }));
  if (asset.partitions !== undefined && store.slices === true) return observeSliced(run, asset, await versionOf(undefined));
  const compare = async (partition: string | undefined, version: string | undefined): Promise<void> => {
    if (version !== run.record.version(asset.key, partition)) await emitVersion(run, { asset: asset.key, partition }, version);
  };
  if (asset.partitions === undefined) return compare(undefined, await versionOf(undefined));
  const slot = semaphore(MOST_AT_ONCE);
  await Promise.all(run.record.single(asset.key).map(async (partition) => compare(partition, await slot(() => versionOf(partition)))));
}

const MOST_AT_ONCE = 32;

/** A store of slices can tell no partition from another: only that nothing is left of them. */
async function observeSliced(run: RunContext, { key }: AssetDefinition, version: string | undefined): Promise<void> {
  if (version !== undefined) return;
  for (const partition of [...run.record.single(key), ...run.record.ranges(key)])
    if (run.record.version(key, partition) !== undefined) await emitVersion(run, { asset: key, partition }, undefined);
}

const emitVersion = (run: RunContext, step: StepName, version: string | undefined): Promise<void> =>
  run.emit({ type: 'asset.observed', ...stamp(run), ...stepFields(step), version: version ?? null });

/** A source that tells its version by itself. What it throws ends the run: nobody could say what depends on it. */
async function observeSource(run: RunContext, asset: AssetDefinition, tell: NonNullable<AssetDefinition['observe']>): Promise<void> {
  const { clock, signal } = run;
  const context = { signal, now: () => clock.now(), resources: await openAll(run, asset.resources, originOf(run, asset.key, undefined)) };
  const version = await observedVersion(asset.key, async () => tell(context));
  if (version === run.record.version(asset.key)) return;
  await run.emit({ type: 'asset.observed', ...stamp(run), asset: asset.key, version: version ?? null });
}

async function observedVersion(asset: string, tell: () => Promise<unknown>): Promise<string | undefined> {
  const remedy = `Correct the observe function of ${asset}: it tells the version of the data as text, or undefined where there is none.`;
  let version: unknown;
  try {
    version = await tell();
  } catch (cause) {
    const problem = `The source ${asset} could not be observed: ${recordedError(cause, asset).message}`;
    throw new SpindleError('ASSET_FAILED', problem, { asset, cause, remedy, transient: isTransient(cause) });
  }
  if (version === undefined || (typeof version === 'string' && version !== '')) return version;
  throw new SpindleError('VALUE_INVALID', `The source ${asset} tells its version as ${JSON.stringify(version)}.`, { asset, remedy });
}

/** Records the models whose tables somebody removed: that they are there is all that a warehouse can tell of them. */
async function observeModels(run: RunContext, assets: readonly AssetDefinition[]): Promise<void> {
  const models = assets.filter(
    ({ key, transform, partitions }) =>
      transform !== undefined && (partitions === undefined ? run.record.version(key) !== undefined : run.record.made(key).count() > 0),
  );
  if (models.length === 0) return;
  const client = (await run.resources.open(warehouse.name)) as Warehouse;
  const present = new Set((await client.tables()).map(({ name }) => name));
  for (const model of models) {
    if (present.has(model.store?.spec.location ?? '')) continue;
    if (model.partitions !== undefined) await observeSliced(run, model, undefined);
    else await emitVersion(run, { asset: model.key, partition: undefined }, undefined);
  }
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
