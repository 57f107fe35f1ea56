import type { Graph } from '../runtime/graph/graph.ts';
import { atomsOf, type AssetStatus, type Selection } from '../runtime/graph/selection/ast.ts';
import { needsStatus } from '../runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../runtime/graph/selection/parser.ts';
import type { Plan } from '../runtime/plan/plan.ts';
import type { RunContext } from '../runtime/run/run-context.ts';

/** Whether the recorded state decides what is selected; with `job:` also where it does so for any job, since any may be meant. */
export function asksForStatus(graph: Graph, selection: Selection): boolean {
  const throughJob = atomsOf(selection).some((atom) => atom.kind === 'attribute' && atom.attribute === 'job');
  return needsStatus(selection) || (throughJob && graph.jobs.some((job) => needsStatus(parseSelection(job.select))));
}

/** The status atoms of the selection language, answered from a plan of everything. */
export function statusOf({ record, memory }: RunContext, { assets }: Plan): (key: string) => ReadonlySet<AssetStatus> {
  const statuses = new Map(
    assets.map(({ asset, action, steps }) => {
      const found = new Set<AssetStatus>();
      if (action === 'run' || action === 'perhaps' || action === 'blocked') found.add('stale');
      if (steps.some(({ reasons }) => reasons.some(({ kind }) => kind === 'missing' || kind === 'gone'))) found.add('missing');
      const partitions = asset.partitions === undefined ? [undefined] : record.partitions(asset.key);
      if (
        partitions.some((partition) => record.failure(asset.key, partition) !== undefined) ||
        memory.failure(asset.key, undefined) !== undefined
      )
        found.add('failed');
      return [asset.key, found] as const;
    }),
  );
  return (key) => statuses.get(key) ?? new Set();
}
