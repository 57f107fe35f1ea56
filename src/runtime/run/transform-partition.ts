import type { AssetDefinition, TransformSlice } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { parsePartition } from '../partitions/key.ts';
import type { TransformRequest } from '../resource/transformer.ts';
import type { Written } from '../store/store.ts';
import type { TableHandle } from '../store/table-handle.ts';
import type { InputVersions } from './event.ts';
import { requireInput } from './load-inputs.ts';
import type { RunContext } from './run-context.ts';
import { storeContext } from './store-access.ts';
import { callTransformer } from './transform-call.ts';
import { partitionReporter } from './transform-report.ts';

export interface PartitionBuild {
  /** A partition, or a range of them. */
  readonly partition: string;
  readonly inputs: InputVersions;
  readonly signal: AbortSignal;
}

/** Builds one partition of a model in a call of its own. A model that fails is thrown, for the step to try again; its tests are recorded as they finish. */
export async function buildPartition(run: RunContext, asset: AssetDefinition, build: PartitionBuild): Promise<Written> {
  const { partition, inputs, signal } = build;
  for (const dependency of Object.values(asset.dependencies)) requireInput(run, { downstream: asset, dependency, partition });
  const { dir = '', fqn = '', slice } = asset.transform ?? {};
  const version = digest(run.codeVersion(asset), run.configVersion(asset), canonicalJson(inputs), partition);
  const { report, failure } = partitionReporter(run, asset, { partition, version });
  // A full refresh of dbt would drop the other partitions.
  await callTransformer(run, { dir, select: [fqn], signal, ...partOf(run, asset, { slice, partition }) }, report);
  const failed = failure();
  if (failed !== undefined) throw new SpindleError('DBT_MODEL_FAILED', failed.message, { asset: asset.key, partition, ...failed });
  return { version, rows: await countRows(run, asset, partition) };
}

/** dbt does not say how many rows a model has. */
async function countRows(run: RunContext, asset: AssetDefinition, partition: string): Promise<number> {
  const handle = (await asset.store?.spec.read(await storeContext(run, { asset, partition }))) as Pick<TableHandle<unknown>, 'count'>;
  return handle.count();
}

interface Part {
  readonly slice: TransformSlice | undefined;
  readonly partition: string;
}

/** What tells dbt which part of the table to build. */
function partOf(
  run: RunContext,
  { key, partitions }: AssetDefinition,
  { slice, partition }: Part,
): Pick<TransformRequest, 'window' | 'vars'> {
  if (slice === undefined || partitions === undefined) return {};
  const parsed = parsePartition(partitions, partition, { asset: key, zones: run.zones });
  switch (slice.kind) {
    case 'variables':
      return { vars: slice.of(parsed.value) };
    case 'event-time': {
      const ranges = parsed.slice.kind === 'time' ? parsed.slice.ranges : [];
      const [first, last] = [ranges[0], ranges.at(-1)];
      if (first === undefined || last === undefined) return {};
      return { window: { start: new Date(first.from).toISOString(), end: new Date(last.to).toISOString() } };
    }
  }
}
