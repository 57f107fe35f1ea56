import type { AssetDefinition } from '../declare/definition.ts';
import { byTime } from '../plan/record.ts';
import { rangeOf } from '../plan/upstream-part.ts';
import type { RunContext } from './run-context.ts';

/**
 * The other run that materialized the partition (or range) since this run looked last; undefined where none did. What is recorded of it is then in
 * this run's record. Asked while the step is claimed, so that nothing changes behind the answer.
 */
export async function madeMeanwhile(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<string | undefined> {
  const { runStore, record } = run;
  if (runStore === undefined) return undefined;
  if (asset.backfill === 'range') return rangeMadeMeanwhile(run, asset, partition);
  const recorded = await runStore.recorded(asset.key, partition);
  const newest = recorded.find((event) => event.type === 'asset.materialized');
  const known = record.materialized(asset.key, partition);
  if (newest === undefined || newest.run === run.run || (newest.run === known?.run && newest.at === known.at)) return undefined;
  for (const event of recorded) record.apply(event);
  return newest.run;
}

/** A range may have been made in pieces, or as a part of another range. */
async function rangeMadeMeanwhile(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<string | undefined> {
  const keys = keysOf(run, asset, partition);
  const runsOf = () => keys.map((key) => run.record.materialized(asset.key, key)?.run);
  const before = runsOf();
  await readAgain(run, [asset.key]);
  return runsOf().find((id, i) => id !== before[i] && id !== run.run);
}

/** The partitions that a step makes: those of its range, or the one. */
export function keysOf(run: RunContext, asset: AssetDefinition, partition: string | undefined): readonly (string | undefined)[] {
  return [...(rangeOf(run, asset.key, partition) ?? [partition])];
}

/** Brings what the run store holds of the assets into the run's record. */
export async function readAgain({ runStore, record, emit }: RunContext, assets: readonly string[]): Promise<void> {
  if (runStore === undefined) return;
  await emit(); // what this run has recorded is there before the state is read
  const { materialized, observed, checks, failed } = await runStore.state(assets);
  // in one order: a range that was made after one of its partitions failed has mended that
  for (const event of [...[...materialized, ...failed].toSorted(byTime), ...observed, ...checks]) record.apply(event);
}
