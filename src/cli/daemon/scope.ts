import type { Condition } from '../../runtime/automation/condition.ts';
import { jobSubject } from '../../runtime/automation/facts.ts';
import { awaitedAssets, leavesOf } from '../../runtime/automation/leaves.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { select } from '../../runtime/graph/selection/evaluate.ts';
import { asksForStatus } from '../asset-status.ts';
import { parseSelection } from '../../runtime/graph/selection/parser.ts';

/** What a daemon follows: all conditions, those of a selection's assets, or one job's. */
export interface DaemonScope {
  follows(subject: string): boolean;
  /** Whether stores have to be asked before the subject's condition is. */
  asks(subject: string): boolean;
  /** Whether the asset's freshness is watched. */
  watches(key: string): boolean;
  /** The assets whose stores have to be asked before the conditions are. A schedule alone asks nothing. */
  readonly observed: readonly string[];
  /** The assets that may be made: what the environment has to have the resources for. */
  readonly made: readonly string[];
}

/** JOB_UNKNOWN, or what is wrong with the selection. */
export function scopeOf(
  graph: Graph,
  { job, select: selection }: { readonly job?: string | undefined; readonly select?: string | undefined },
): DaemonScope {
  const selected = selection === undefined ? undefined : new Set(select(graph, selection));
  const only = job === undefined ? undefined : jobSubject(graph.job(job).name);
  const follows = (subject: string): boolean => (only === undefined ? (selected?.has(subject) ?? true) : subject === only);
  const observed = new Set<string>();
  const made = new Set<string>();
  const asking = new Set<string>();
  for (const { key, automation, partitions } of graph.assets) {
    if (automation === undefined || !follows(key)) continue;
    made.add(key);
    if (partitions !== undefined || asksData(automation)) {
      observed.add(key);
      asking.add(key);
    }
    for (const awaited of awaitedAssets(automation)) observed.add(awaited);
  }
  for (const { name, automation, select: ofJob } of graph.jobs) {
    if (automation === undefined || !follows(jobSubject(name))) continue;
    for (const key of keysOf(graph, ofJob) ?? []) made.add(key);
    if (asksData(automation)) asking.add(jobSubject(name));
    for (const key of asksData(automation) ? (keysOf(graph, ofJob) ?? graph.keys) : []) observed.add(key);
    for (const awaited of awaitedAssets(automation)) observed.add(awaited);
  }
  const watched =
    only === undefined ? selected : job === undefined ? undefined : new Set(keysOf(graph, graph.job(job).select) ?? graph.keys);
  const inOrder = (keys: ReadonlySet<string>) => graph.keys.filter((key) => keys.has(key));
  return {
    follows,
    asks: (subject) => asking.has(subject),
    watches: (key) => watched?.has(key) ?? true,
    observed: inOrder(observed),
    made: inOrder(made),
  };
}

const asksData = (condition: Condition): boolean =>
  leavesOf(condition).some(({ kind }) => kind === 'eager' || kind === 'missing' || kind === 'updated');

/** What a job selects; undefined where the record decides that. */
function keysOf(graph: Graph, selection: string): readonly string[] | undefined {
  const parsed = parseSelection(selection);
  return asksForStatus(graph, parsed) ? undefined : select(graph, parsed);
}
