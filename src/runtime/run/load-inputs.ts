import type { AssetDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';
import { wholeSlice } from '../partitions/slice.ts';
import { inputVersion, upstreamPartitions, type Edge } from '../plan/inputs.ts';
import { upstreamPart } from '../plan/upstream-part.ts';
import { callFunction } from './call-function.ts';
import { partitionMissing } from './given-events.ts';
import { givenValue } from './given-value.ts';
import type { RunContext } from './run-context.ts';
import { storeContext } from './store-access.ts';

/** What an asset's function receives for its dependencies, by name. Those that are order only carry nothing. */
export async function loadInputs(
  run: RunContext,
  asset: AssetDefinition,
  partition: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const loaded = await Promise.all(
    Object.entries(asset.dependencies).map(
      async ([name, dependency]) => [name, await loadInput(run, { downstream: asset, dependency, partition })] as const,
    ),
  );
  return Object.fromEntries(loaded);
}

async function loadInput(run: RunContext, edge: Edge): Promise<unknown> {
  const { upstream, mapping } = edge.dependency;
  if (mapping.kind === 'order') return undefined;
  const { slice, partitions } = upstreamPart(run, edge);
  const fixtures = run.given(upstream.key).filter(({ partition }) => partition === undefined || partitions.has(partition));
  if (fixtures.length === 0) requireInput(run, edge);
  const store = upstream.store?.spec;
  if (store?.readsRows === true) {
    if (fixtures.length > 0) return givenValue(run, upstream, { fixtures, slice });
    return store.read({
      ...(await storeContext(run, { asset: upstream, partition: undefined, slice, keys: () => upstreamPartitions(run, edge) })),
      version: inputVersion(run, edge),
    });
  }
  const one = (key: string | undefined) => loadValue(run, upstream, key);
  if (upstream.partitions === undefined) return one(undefined);
  if (mapping.kind !== 'same' && fixtures.some(({ partition }) => partition === undefined)) throw partitionMissing(upstream.key);
  const given = fixtures.flatMap(({ partition }) => partition ?? []);
  const keys = given.length > 0 ? given : upstreamPartitions(run, edge);
  switch (mapping.kind) {
    case 'same':
      return one(keys[0] ?? edge.partition);
    case 'window':
      return Promise.all(keys.map(one));
    case 'every':
    case 'custom':
      return new Map(await Promise.all(keys.map(async (key) => [key, await one(key)] as const)));
  }
}

/** One value: given, kept by its store, or, where it has none, made now. */
export async function loadValue(run: RunContext, upstream: AssetDefinition, key: string | undefined): Promise<unknown> {
  const given = run.given(upstream.key);
  const fixture = given.find(({ partition }) => partition === key) ?? given.find(({ partition }) => partition === undefined);
  const store = upstream.store?.spec;
  if (fixture !== undefined) return givenValue(run, upstream, { fixtures: [fixture], slice: wholeSlice });
  if (store !== undefined) return store.read(await storeContext(run, { asset: upstream, partition: key }));
  const make = async () => {
    await Promise.resolve(); // not within the caller's stack: there may be a long chain of such assets behind this one
    return callFunction(run, upstream, { partition: key, inputs: await loadInputs(run, upstream, key), signal: run.signal });
  };
  return run.memory.once({ kind: 'value', name: upstream.key, partition: key }, make);
}

/** Refuses to read what was never written: an empty handle would look like an upstream without rows. UPSTREAM_MISSING. */
export function requireInput(run: RunContext, edge: Edge): void {
  const { downstream, partition } = edge;
  const { upstream } = edge.dependency;
  if (upstream.store === undefined && upstream.observe === undefined) return;
  const missing =
    upstream.partitions === undefined ? run.record.version(upstream.key) === undefined : upstreamPartitions(run, edge).length === 0;
  if (!missing || readsNothing(run, edge)) return;
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

/** True where the mapping itself leads to no partition, such as to the day before the first one. */
function readsNothing(run: RunContext, edge: Edge): boolean {
  const { mapping, upstream } = edge.dependency;
  const chooses = mapping.kind === 'custom' || mapping.kind === 'window';
  return chooses && upstream.partitions !== undefined && upstreamPart(run, edge).partitions.isEmpty;
}
