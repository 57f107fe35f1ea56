import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { PartitionSet } from '../../runtime/partitions/set.ts';
import { assess } from '../../runtime/plan/assess.ts';
import { candidateSet } from '../../runtime/plan/candidates.ts';
import type { RunContext } from '../../runtime/run/run-context.ts';
import { formatCount } from '../format.ts';
import type { RunSummaryReport } from '../run-summary.ts';
import { table, type TableColumn } from '../table.ts';

interface DryRunLine {
  readonly asset: string;
  /** How many would run. */
  readonly partitions: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly fresh: number;
  readonly note: string;
}

const COLUMNS: readonly TableColumn<DryRunLine>[] = [
  { title: 'asset', text: ({ asset }) => asset },
  { title: 'to run', text: ({ partitions }) => formatCount(partitions), align: 'right' },
  { title: 'first', text: ({ first }) => first ?? '' },
  { title: 'last', text: ({ last }) => last ?? '' },
  { title: 'fresh', text: ({ fresh }) => formatCount(fresh), align: 'right' },
  { title: 'note', text: ({ note }) => note },
];

/** What a backfill would come to, by asset. What is missing is counted as a set; only what was materialized is looked at one by one. */
export function dryRun(run: RunContext): RunSummaryReport {
  const due = new Map<string, PartitionSet>();
  // What an asset of the selection would make is there when its dependents' turn comes.
  const reading: RunContext = { ...run, unmade: (asset) => due.get(asset)?.rangeKeys() ?? [] };
  const lines = run.graph.assets.flatMap((asset): readonly DryRunLine[] => {
    const candidates = run.selected.has(asset.key) ? candidateSet(reading, asset, run.request) : undefined;
    if (candidates === undefined) return [];
    const stale = staleSet(reading, asset, candidates);
    due.set(asset.key, stale);
    const changing = Object.values(asset.dependencies).flatMap(({ upstream }) =>
      due.get(upstream.key)?.isEmpty === false ? [upstream.key] : [],
    );
    const [partitions, fresh] = [stale.count(), candidates.count() - stale.count()];
    const note = fresh > 0 && changing.length > 0 ? `more if ${changing.join(' or ')} changes` : '';
    return [{ asset: asset.key, partitions, first: stale.first() ?? null, last: stale.last() ?? null, fresh, note }];
  });
  return { json: lines, text: (style) => table(COLUMNS, lines, style.bold) };
}

function staleSet(run: RunContext, asset: AssetDefinition, candidates: PartitionSet): PartitionSet {
  const made = candidates.intersect(run.record.made(asset.key));
  const changed = [...made.keys()].filter((key) => assess(run, asset, key).length > 0);
  const missing = candidates.subtract(made);
  return run.record.space(asset.key)?.ofKeys(changed).union(missing) ?? missing;
}
