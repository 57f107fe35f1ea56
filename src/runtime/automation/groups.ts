import type { AssetDefinition } from '../declare/definition.ts';
import { builtTogether } from '../graph/built-together.ts';
import type { Graph } from '../graph/graph.ts';
import type { Decision } from './decide.ts';
import { jobSubject } from './facts.ts';

/** Subjects that fired together and are answered by one run. */
export interface FiringGroup {
  readonly decisions: readonly Decision[];
  /** What the run materializes, in the graph's order. */
  readonly keys: readonly string[];
  readonly job: string | undefined;
  readonly tags: readonly string[];
  /** The partitions that the run leaves itself to, by asset; of the others it takes all that are stale. */
  readonly partitions: Readonly<Record<string, readonly string[]>>;
  /** Assets that are made even where nothing but their condition calls for it, and why. */
  readonly asked: Readonly<Record<string, string>>;
}

/**
 * The runs that answer what fired: one for each job, with the assets that fired and that it selects anyway; one for each set of other
 * assets that depend on one another, or that one call makes. In the order of the first asset that each makes.
 */
export function groupFirings(graph: Graph, decisions: readonly Decision[]): readonly FiringGroup[] {
  const firing = decisions.filter(({ fires }) => fires);
  const groups: FiringGroup[] = [];
  const answered = new Set<Decision>();
  for (const job of graph.jobs) {
    const decision = firing.find(({ subject }) => subject === jobSubject(job.name));
    if (decision === undefined) continue;
    const own = new Set(decision.keys);
    const covered = firing.filter((other) => own.has(other.subject) && !answered.has(other));
    for (const other of [decision, ...covered]) answered.add(other);
    groups.push(groupOf(graph, [decision, ...covered], { job: job.name, tags: job.tags }));
  }
  const left = firing.filter((decision) => !answered.has(decision));
  const all = [...groups, ...components(graph, left).map((together) => groupOf(graph, together, { job: undefined, tags: [] }))];
  // What others may depend on goes first.
  const position = new Map(graph.keys.map((key, index) => [key, index]));
  const first = ({ keys: [key = ''] }: FiringGroup): number => position.get(key) ?? 0;
  return all.toSorted((a, b) => first(a) - first(b));
}

function groupOf(graph: Graph, decisions: readonly Decision[], { job, tags }: Pick<FiringGroup, 'job' | 'tags'>): FiringGroup {
  const named = new Set(decisions.flatMap((decision) => decision.keys));
  const assets = decisions.filter(({ subject }) => graph.has(subject));
  const isFirst = ({ subject }: Decision) => graph.upstream(subject).every((key) => !named.has(key));
  return {
    decisions,
    keys: graph.keys.filter((key) => named.has(key)),
    job,
    tags,
    // What depends on another one of the run is stale in partitions that nobody knows yet, and a job takes all.
    partitions: Object.fromEntries(
      assets.flatMap((decision) =>
        job === undefined && decision.partitions.length > 0 && isFirst(decision) ? [[decision.subject, decision.partitions]] : [],
      ),
    ),
    asked: Object.fromEntries(assets.flatMap(({ subject, why, partitions }) => (partitions.length === 0 ? [[subject, why]] : []))),
  };
}

/** The assets in sets that must not run apart, each set and the list of them in the order of the graph. */
function components(graph: Graph, decisions: readonly Decision[]): readonly (readonly Decision[])[] {
  const sets: { readonly members: Decision[]; readonly keys: Set<string>; readonly calls: Set<unknown> }[] = [];
  for (const decision of decisions) {
    const asset = graph.get(decision.subject);
    const call = callOf(asset);
    const touching = sets.filter(
      ({ keys, calls }) => (call !== undefined && calls.has(call)) || graph.upstream(asset.key).some((key) => keys.has(key)),
    );
    const [first = { members: [], keys: new Set<string>(), calls: new Set<unknown>() }, ...others] = touching;
    if (touching.length === 0) sets.push(first);
    for (const other of others) {
      first.members.push(...other.members);
      for (const key of other.keys) first.keys.add(key);
      for (const made of other.calls) first.calls.add(made);
      sets.splice(sets.indexOf(other), 1);
    }
    first.members.push(decision);
    first.keys.add(asset.key);
    if (call !== undefined) first.calls.add(call);
  }
  return sets.map(({ members }) => members);
}

/** What makes several assets in one call: their function, or their transformer. */
function callOf(asset: AssetDefinition): unknown {
  return builtTogether(asset) ?? (asset.shared === undefined ? undefined : asset.run);
}
