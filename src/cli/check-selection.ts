import type { AssetDefinition, CheckDefinition } from '../runtime/declare/definition.ts';
import { observe } from '../runtime/run/observe.ts';
import { runChecks } from '../runtime/run/run-checks.ts';
import { requestedSet } from '../runtime/plan/requested-partition.ts';
import { runTransformTests } from '../runtime/run/run-transform.ts';
import type { RunContext } from '../runtime/run/run-context.ts';
import { recordRun, type RunOutcome, type RunTitle } from '../runtime/run/run-selection.ts';
import type { Tally } from '../runtime/run/tally.ts';

/** A selected asset whose checks were not run, and why. */
export interface Unchecked {
  readonly asset: string;
  readonly reason: string;
}

export interface CheckedSelection {
  readonly status: RunOutcome;
  readonly unchecked: readonly Unchecked[];
}

/** Runs the checks of the selected assets against what is stored, as a run that materializes nothing. */
export async function checkSelection(run: RunContext, title: RunTitle, { hasFailed }: Tally): Promise<CheckedSelection> {
  const unchecked: Unchecked[] = [];
  const work = async (): Promise<void> => {
    await observe(run);
    const tests: CheckDefinition[] = [];
    for (const asset of run.graph.assets) {
      const checks = run.graph.checksOf(asset.key);
      if (!run.selected.has(asset.key) || checks.length === 0) continue;
      const partitions = storedPartitions(run, asset);
      const reason = notStored(asset, partitions);
      if (reason !== undefined) {
        unchecked.push({ asset: asset.key, reason });
        continue;
      }
      tests.push(...checks.filter(({ transform }) => transform !== undefined));
      for (const partition of partitions) await runChecks(run, asset, partition);
    }
    await runTransformTests(run, tests);
  };
  const status = await recordRun(run, title, { work, failed: hasFailed });
  return { status, unchecked };
}

/** Of what the asset's store holds: the partition that was asked for, all of them, or the whole (`undefined`); none where nothing is stored. */
function storedPartitions(run: RunContext, asset: AssetDefinition): readonly (string | undefined)[] {
  const { record, request } = run;
  if (asset.partitions === undefined) return record.version(asset.key) === undefined ? [] : [undefined];
  const stored = record.partitions(asset.key);
  if (request === undefined) return stored;
  const wanted = requestedSet(asset, request, run);
  return stored.filter((key) => wanted?.has(key));
}

function notStored({ store }: AssetDefinition, partitions: readonly unknown[]): string | undefined {
  if (store === undefined) return 'its value is not stored: its checks run with it';
  return partitions.length === 0 ? 'nothing is stored of it yet' : undefined;
}
