import type { AssetDefinition } from '../declare/definition.ts';
import { byTime } from '../plan/record.ts';
import { rangeOf } from '../plan/upstream-part.ts';
import type { RunEvent } from './event.ts';
import { holderOf } from './holder.ts';
import type { RunContext } from './run-context.ts';

/**
 * The other run, or other part of this one, that materialized the partition (or range) since this one looked last; undefined where none did. What is recorded of it is then in
 * this run's record. Asked while the step is claimed, so that nothing changes behind the answer.
 */
export async function madeMeanwhile(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<string | undefined> {
  const { runStore, record } = run;
  if (runStore === undefined) return undefined;
  if (asset.backfill === 'range') return rangeMadeMeanwhile(run, asset, partition);
  const recorded = await runStore.recorded(asset.key, partition);
  const newest = recorded.find((event) => event.type === 'asset.materialized');
  const known = record.materialized(asset.key, partition);
  if (newest === undefined || holderOf(newest) === run.holder) return undefined;
  if (known !== undefined && holderOf(newest) === holderOf(known) && newest.at === known.at) return undefined;
  for (const event of recorded) record.apply(event);
  return makerOf(newest);
}

/** A range may have been made in pieces, or as a part of another range. */
async function rangeMadeMeanwhile(run: RunContext, asset: AssetDefinition, partition: string | undefined): Promise<string | undefined> {
  const keys = keysOf(run, asset, partition);
  const newest = () => keys.map((key) => run.record.materialized(asset.key, key));
  const holders = () => newest().map((event) => event && holderOf(event));
  const before = holders();
  await readAgain(run, [asset.key]);
  const changed = holders().findIndex((holder, i) => holder !== undefined && holder !== before[i] && holder !== run.holder);
  const made = newest()[changed];
  return made && makerOf(made);
}

/** `run 3f2a…`, or `load of run 3f2a…`. */
const makerOf = ({ run, part }: Pick<RunEvent, 'run' | 'part'>): string => `${part === undefined ? '' : `${part} of `}run ${run}`;

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
