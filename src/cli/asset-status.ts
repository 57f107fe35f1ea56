import type { Graph } from '../runtime/graph/graph.ts';
import { atomsOf, type Selection } from '../runtime/graph/selection/ast.ts';
import { needsStatus } from '../runtime/graph/selection/evaluate.ts';
import { parseSelection } from '../runtime/graph/selection/parser.ts';

/** Whether the recorded state decides what is selected; with `job:` also where it does so for any job, since any may be meant. */
export function asksForStatus(graph: Graph, selection: Selection): boolean {
  const throughJob = atomsOf(selection).some((atom) => atom.kind === 'attribute' && atom.attribute === 'job');
  return needsStatus(selection) || (throughJob && graph.jobs.some((job) => needsStatus(parseSelection(job.select))));
}
