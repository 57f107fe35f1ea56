import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { builtTogether } from '../../runtime/graph/built-together.ts';
import { clustersOf, type Cluster } from '../../runtime/graph/clusters.ts';
import type { Edges } from '../../runtime/graph/order.ts';
import { isMade, type ExportScope, type JobScope } from './scope.ts';

/** The assets that one task makes. */
export interface Assignment {
  /** In the graph's order. */
  readonly assets: readonly AssetDefinition[];
  /** Sources between them: without these, a run of the assets alone would not know their order. */
  readonly sources: readonly string[];
  /** What put them together, where it was neither memory nor a function that they share. */
  readonly label: Label | undefined;
}

export type Label = { readonly kind: 'dbt'; readonly project: string } | { readonly kind: 'group'; readonly group: string };

/** Divides the job's assets among tasks that can run one after another. What is only in memory stays with what reads it. */
export function assignmentsOf({ graph, settings }: ExportScope, job: JobScope): readonly Assignment[] {
  const edges = edgesOf({ graph }, job);
  const labels = new Map<string, Label>();
  const label = (key: string): string | undefined => {
    const found = labelOf(graph.get(key), settings);
    const name = found && JSON.stringify(found);
    if (found !== undefined && name !== undefined) labels.set(name, found);
    return name;
  };
  const assets = [...job.made].map((key) => graph.get(key));
  const joined = [...joinedByMemory(assets, job), ...joinedByFunction(assets)];
  return clustersOf({ edges, joined, label }).map(({ keys, label: name }: Cluster) => ({
    assets: keys.map((key) => graph.get(key)),
    sources: sourcesBetween({ graph }, job, keys),
    label: name === undefined ? undefined : labels.get(name),
  }));
}

/** What each asset that the job makes waits for, of these assets; through sources, which are none of a task. */
export function edgesOf({ graph }: Pick<ExportScope, 'graph'>, { selected, made }: JobScope): Edges {
  const through = new Map<string, readonly string[]>();
  const before = (key: string): readonly string[] => {
    const known = through.get(key);
    if (known !== undefined) return known;
    const found = new Set<string>();
    for (const upstream of graph.upstream(key)) {
      if (made.has(upstream)) found.add(upstream);
      else if (selected.has(upstream) && !isMade(graph.get(upstream)))
        for (const further of through.get(upstream) ?? []) found.add(further);
    }
    through.set(key, [...found]);
    return [...found];
  };
  // In the graph's order, so that what is behind a source is known when it is asked for.
  for (const key of graph.keys) if (selected.has(key)) before(key);
  return new Map(graph.keys.filter((key) => made.has(key)).map((key) => [key, before(key)]));
}

/** The selected sources that lie on a way from one of the keys to another, in the graph's order. */
function sourcesBetween({ graph }: Pick<ExportScope, 'graph'>, { selected }: JobScope, keys: readonly string[]): readonly string[] {
  if (keys.length === 1) return [];
  const own = new Set(keys);
  const behind = new Map<string, boolean>();
  /** Whether a source waits for one of the keys. */
  const isBehind = (source: string): boolean => {
    const known = behind.get(source) ?? graph.upstream(source).filter(leads).length > 0;
    behind.set(source, known);
    return known;
  };
  // All ways are followed, since each of their sources counts.
  const leads = (key: string): boolean => own.has(key) || (selected.has(key) && !isMade(graph.get(key)) && isBehind(key));
  for (const key of keys) graph.upstream(key).filter(leads);
  return graph.keys.filter((key) => behind.get(key) === true);
}

function labelOf(asset: AssetDefinition, { dbt, granularity }: ExportScope['settings']): Label | undefined {
  const [project, { transform, group }] = [builtTogether(asset), asset];
  if (project !== undefined && dbt !== 'model') return { kind: 'dbt', project };
  return granularity === 'group' && group !== undefined && transform === undefined ? { kind: 'group', group } : undefined;
}

function joinedByMemory(assets: readonly AssetDefinition[], { made }: JobScope): readonly (readonly [string, string])[] {
  return assets.flatMap(({ key, dependencies }) =>
    Object.values(dependencies).flatMap(({ upstream, mapping }) =>
      made.has(upstream.key) && mapping.kind !== 'order' && upstream.store?.durable !== true ? [[upstream.key, key] as const] : [],
    ),
  );
}

function joinedByFunction(assets: readonly AssetDefinition[]): readonly (readonly [string, string])[] {
  const first = new Map<unknown, string>();
  return assets.flatMap(({ key, run, shared }) => {
    if (shared === undefined) return [];
    const other = first.get(run);
    first.set(run, other ?? key);
    return other === undefined ? [] : [[other, key] as const];
  });
}
