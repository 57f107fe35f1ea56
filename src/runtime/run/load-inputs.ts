import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { parsePartition } from '../partitions/key.ts';
import { upstreamSlice, type UpstreamPart } from '../partitions/mapping.ts';
import { containsSlice } from '../partitions/slice-algebra.ts';
import type { PartitionSlice } from '../partitions/slice.ts';
import { inputVersion, upstreamPartitions, type Edge } from '../plan/inputs.ts';
import { callFunction } from './call-function.ts';
import type { Given } from './fixture.ts';
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
  const { slice } = upstreamPart(run, edge);
  const fixtures = run
    .given(upstream.key)
    .filter(({ partition }) => partition === undefined || includes(run, upstream, { slice, key: partition }));
  if (fixtures.length === 0) requireInput(run, edge);
  const store = upstream.store?.spec;
  if (store?.readsRows === true) {
    if (fixtures.length > 0)
      return store.given(
        fixtures.flatMap(({ rows }) => rows),
        givenVersion(fixtures),
      );
    return store.read({
      ...(await storeContext(run, { asset: upstream, partition: undefined, slice })),
      version: inputVersion(run, edge),
    });
  }
  const one = (key: string | undefined) => loadValue(run, upstream, key);
  if (upstream.partitions === undefined) return one(undefined);
  const given = fixtures.flatMap(({ partition }) => partition ?? []);
  const keys = given.length > 0 ? given : upstreamPartitions(run, edge);
  switch (mapping.kind) {
    case 'same':
      return one(keys[0] ?? edge.partition);
    case 'window':
      return Promise.all(keys.map(one));
    case 'every':
      return new Map(await Promise.all(keys.map(async (key) => [key, await one(key)] as const)));
  }
}

function upstreamPart({ zones }: RunContext, { downstream, dependency, partition }: Edge): UpstreamPart {
  const side = { asset: downstream.key, definition: downstream.partitions, key: partition };
  return upstreamSlice({ mapping: dependency.mapping, downstream: side, upstream: dependency.upstream.partitions, zones });
}

/** Whether a partition is one of those that a step reads. */
function includes(
  { zones }: RunContext,
  { key: asset, partitions }: AssetDefinition,
  part: { readonly slice: PartitionSlice; readonly key: string },
): boolean {
  return partitions !== undefined && containsSlice(part.slice, parsePartition(partitions, part.key, { asset, zones }).slice);
}

const givenVersion = (fixtures: readonly Given[]): string => digest(...fixtures.map(({ rows }) => canonicalJson(rows) ?? ''));

/** One value: given, kept by its store, or, where it has none, made now. */
export async function loadValue(run: RunContext, upstream: AssetDefinition, key: string | undefined): Promise<unknown> {
  const given = run.given(upstream.key);
  const fixture = given.find(({ partition }) => partition === key) ?? given.find(({ partition }) => partition === undefined);
  const store = upstream.store?.spec;
  if (fixture !== undefined) return store === undefined ? fixture.rows : store.given(fixture.rows, givenVersion([fixture]));
  if (store !== undefined) return store.read(await storeContext(run, { asset: upstream, partition: key }));
  const make = async () =>
    callFunction(run, upstream, { partition: key, inputs: await loadInputs(run, upstream, key), signal: run.signal });
  return run.memory.once({ kind: 'value', name: upstream.key, partition: key }, make);
}

/** Refuses to read what was never written: an empty handle would look like an upstream without rows. UPSTREAM_MISSING. */
export function requireInput(run: RunContext, edge: Edge): void {
  const { downstream, partition } = edge;
  const { upstream } = edge.dependency;
  if (upstream.store === undefined) return;
  const missing =
    upstream.partitions === undefined ? run.record.version(upstream.key) === undefined : upstreamPartitions(run, edge).length === 0;
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
