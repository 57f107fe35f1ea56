import { didYouMean } from '../runtime/closest.ts';
import type { AssetDefinition, CheckDefinition } from '../runtime/declare/definition.ts';
import { SpindleError } from '../runtime/errors.ts';
import type { PartitionSet } from '../runtime/partitions/set.ts';
import { observe } from '../runtime/run/observe.ts';
import { runEach } from '../runtime/run/run-checks.ts';
import { requestedSet } from '../runtime/plan/requested-partition.ts';
import { runTransformTests } from '../runtime/run/transform-tests.ts';
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

export interface CheckOptions {
  readonly tally: Tally;
  /** The name of the only checks to run. */
  readonly check?: string | undefined;
}

/**
 * Runs the checks of the selected assets against what is stored, as a run that materializes nothing. A task of another system has to do with what its run
 * is about, and with what has not passed for what is stored now.
 */
export async function checkSelection(run: RunContext, title: RunTitle, { tally, check }: CheckOptions): Promise<CheckedSelection> {
  const unchecked: Unchecked[] = [];
  const work = async (): Promise<void> => {
    await observe(run);
    // A test is about all of a table: the partitions of an asset share it.
    const tests = new Set<CheckDefinition>();
    for (const asset of run.graph.assets) {
      const checks = checksOf(run, asset, check);
      if (checks.length === 0) continue;
      const partitions = await storedPartitions(run, asset);
      const reason = notStored(asset, partitions);
      if (reason !== undefined) {
        unchecked.push({ asset: asset.key, reason });
        continue;
      }
      for (const partition of partitions) {
        const due = run.external === undefined ? checks : notPassed(run, checks, partition);
        for (const test of due) if (test.transform !== undefined) tests.add(test);
        await runEach(run, due, partition);
      }
    }
    await runTransformTests(run, [...tests]);
  };
  const status = await recordRun(run, title, { work, failed: tally.hasFailed });
  return { status, unchecked };
}

/** USAGE where no selected asset has a check of this name. */
export function requireCheck({ graph, selected }: RunContext, name: string): void {
  const names = [...selected].flatMap((key) => graph.checksOf(key).map((check) => check.name));
  if (names.includes(name)) return;
  const what = selected.size === 1 ? `The asset ${[...selected][0]} has` : 'The selected assets have';
  throw new SpindleError('USAGE', `${what} no check "${name}".${didYouMean(name, names)}`, {
    field: '--check',
    remedy: names.length === 0 ? 'Select an asset that has checks.' : `The checks are ${[...new Set(names)].slice(0, 8).join(', ')}.`,
  });
}

function checksOf({ graph, selected }: RunContext, { key }: AssetDefinition, only: string | undefined): readonly CheckDefinition[] {
  if (!selected.has(key)) return [];
  return graph.checksOf(key).filter(({ name }) => only === undefined || name === only);
}

/** Those of an asset's checks that have no result for what is stored now, or one that did not pass. */
function notPassed({ record }: RunContext, checks: readonly CheckDefinition[], partition: string | undefined): readonly CheckDefinition[] {
  return checks.filter(({ asset, name }) => !record.checks(asset.key, partition).some(({ check, passed }) => passed && check === name));
}

/** Of what the asset's store holds: the partitions that were asked for, all of them, or the whole (`undefined`); none where nothing is stored. */
async function storedPartitions(run: RunContext, asset: AssetDefinition): Promise<readonly (string | undefined)[]> {
  const { record, request } = run;
  if (asset.partitions === undefined) return record.version(asset.key) === undefined ? [] : [undefined];
  const stored = record.partitions(asset.key);
  const wanted = request === undefined ? undefined : requestedSet(asset, request, run);
  const made = run.external === undefined ? undefined : await madeOf(run, asset);
  // What the run made beside what it was asked for, since it had become stale, is checked by it as well.
  if (wanted !== undefined) return stored.filter((key) => wanted.has(key) || made?.has(key) === true);
  return run.external === undefined ? stored : stored.filter((key) => made?.has(key) === true);
}

/** The partitions that the run has made, by whichever of its parts. */
async function madeOf({ run, runStore, record }: RunContext, { key }: AssetDefinition): Promise<PartitionSet | undefined> {
  const events = (await runStore?.events({ run, asset: key, types: ['asset.materialized'] })) ?? [];
  return record.space(key)?.ofKeys(events.flatMap((event) => ('asset' in event ? (event.partition ?? []) : [])));
}

function notStored({ store }: AssetDefinition, partitions: readonly unknown[]): string | undefined {
  if (store === undefined) return 'its value is not stored: its checks run with it';
  return partitions.length === 0 ? 'nothing is stored of it yet' : undefined;
}
