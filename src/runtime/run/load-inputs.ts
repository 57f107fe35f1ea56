import type { AssetDefinition, DependencyDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { upstreamSlice } from '../partitions/mapping.ts';
import { inputVersion, upstreamPartitions } from '../plan/inputs.ts';
import type { RunContext } from './run-context.ts';
import { storeContext } from './store-access.ts';
import { callFunction } from './call-function.ts';

/** What an asset's function receives for its dependencies, by name. Those that are order only carry nothing. */
export async function loadInputs(
  run: RunContext,
  asset: AssetDefinition,
  partition: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const loaded = await Promise.all(
    Object.entries(asset.dependencies).map(
      async ([name, dependency]) => [name, await loadInput(run, asset, { dependency, partition })] as const,
    ),
  );
  return Object.fromEntries(loaded);
}

interface Wanted {
  readonly dependency: DependencyDefinition;
  readonly partition: string | undefined;
}

async function loadInput(run: RunContext, downstream: AssetDefinition, { dependency, partition }: Wanted): Promise<unknown> {
  const { upstream, mapping } = dependency;
  if (mapping.kind === 'order') return undefined;
  const store = upstream.store?.spec;
  const side = { asset: downstream.key, definition: downstream.partitions, key: partition };
  const { slice } = upstreamSlice({ mapping, downstream: side, upstream: upstream.partitions, zones: run.zones });
  const given = run.given(upstream.key);
  if (given.length === 0) requireInput(run, downstream, { dependency, partition });
  if (store?.readsRows === true) {
    if (given.length > 0)
      return store.given(
        given.filter((one) => wants(run, downstream, { dependency, partition }, one.partition)).flatMap(({ rows }) => rows),
        givenVersion(given),
      );
    return store.read({
      ...(await storeContext(run, { asset: upstream, partition: undefined, slice })),
      version: inputVersion(run, { downstream, dependency, partition }),
    });
  }
  const one = (key: string | undefined) => loadValue(run, upstream, key);
  if (upstream.partitions === undefined) return one(undefined);
  const keys = given.some((fixture) => fixture.partition !== undefined)
    ? given.flatMap((fixture) =>
        fixture.partition !== undefined && wants(run, downstream, { dependency, partition }, fixture.partition) ? [fixture.partition] : [],
      )
    : upstreamPartitions(run, { downstream, dependency, partition });
  switch (mapping.kind) {
    case 'same':
      return one(keys[0] ?? partition);
    case 'window':
      return Promise.all(keys.map(one));
    case 'every':
      return new Map(await Promise.all(keys.map(async (key) => [key, await one(key)] as const)));
  }
}

/** Whether a fixture's partition is one of those that the step reads. A fixture without a partition stands for all. */
function wants(run: RunContext, downstream: AssetDefinition, { dependency, partition }: Wanted, key: string | undefined): boolean {
  if (key === undefined) return true;
  const { upstream, mapping } = dependency;
  const side = { asset: downstream.key, definition: downstream.partitions, key: partition };
  const { slice, keys } = upstreamSlice({ mapping, downstream: side, upstream: upstream.partitions, zones: run.zones });
  if (slice.kind === 'all') return true;
  for (const wanted of keys({ now: run.now, zones: run.zones })) if (wanted === key) return true;
  return false;
}

const givenVersion = (given: readonly { readonly rows: unknown }[]): string =>
  digest(...given.map(({ rows }) => canonicalJson(rows) ?? ''));

/** One value: given, kept by its store, or, where it has none, made now. */
export async function loadValue(run: RunContext, upstream: AssetDefinition, key: string | undefined): Promise<unknown> {
  const given = run.given(upstream.key);
  const fixture = given.find((one) => one.partition === key) ?? given.find((one) => one.partition === undefined);
  const store = upstream.store?.spec;
  if (fixture !== undefined) return store === undefined ? fixture.rows : store.given(fixture.rows, givenVersion([fixture]));
  if (store !== undefined) return store.read(await storeContext(run, { asset: upstream, partition: key }));
  return run.memory.once('value', upstream.key, key, async () =>
    callFunction(run, upstream, { partition: key, inputs: await loadInputs(run, upstream, key), signal: run.signal }),
  );
}

/** Refuses to read what was never written: an empty handle would look like an upstream without rows. */
function requireInput(run: RunContext, downstream: AssetDefinition, { dependency, partition }: Wanted): void {
  const { upstream } = dependency;
  if (upstream.store === undefined) return;
  const missing =
    upstream.partitions === undefined
      ? run.record.version(upstream.key) === undefined
      : upstreamPartitions(run, { downstream, dependency, partition }).length === 0;
  if (!missing) return;
  const source = upstream.run === undefined && upstream.transform === undefined;
  throw new SpindleError(
    'UPSTREAM_MISSING',
    `${downstream.key} reads ${upstream.key}, which ${source ? 'holds nothing yet' : 'was never materialized'}.`,
    {
      asset: downstream.key,
      ...(partition !== undefined && { partition }),
      remedy: source
        ? `Something else writes ${upstream.key}: see that it does, and that this environment looks at the right place.`
        : `Materialize it too: --select "+${downstream.key}".`,
    },
  );
}
