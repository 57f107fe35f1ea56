import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';

/** What is run as one: an asset, or the models of a transformer that one call can build. */
export interface Unit {
  readonly id: string;
  /** In graph order. */
  readonly assets: readonly AssetDefinition[];
  /** The project of the transformer; undefined for an asset with a function. */
  readonly transform: string | undefined;
  /** Units that have to be done before. */
  readonly after: readonly string[];
}

/**
 * Groups the selected assets. Models of one transformer project are one unit as long as no path leads out of the unit and back into it:
 * a model behind an asset of another kind that itself is behind a model begins the next unit.
 */
export function unitsOf(graph: Graph, selected: ReadonlySet<string>): readonly Unit[] {
  const phases = phasesOf(graph);
  const idOf = ({ key, transform }: AssetDefinition): string =>
    transform === undefined ? key : `${transform.project}#${phases.get(key) ?? 0}`;
  const units = new Map<string, { readonly assets: AssetDefinition[]; readonly after: Set<string> }>();
  for (const asset of graph.assets) {
    if (!selected.has(asset.key)) continue;
    const id = idOf(asset);
    const unit = units.get(id) ?? { assets: [], after: new Set<string>() };
    units.set(id, unit);
    unit.assets.push(asset);
    for (const { upstream } of Object.values(asset.dependencies))
      if (selected.has(upstream.key) && idOf(upstream) !== id) unit.after.add(idOf(upstream));
  }
  return [...units].map(([id, { assets, after }]) => ({ id, assets, transform: assets[0]?.transform?.project, after: [...after] }));
}

/** For each model, how often the longest way to it leaves its project and comes back. */
function phasesOf(graph: Graph): ReadonlyMap<string, number> {
  const phases = new Map<string, number>();
  if (!graph.assets.some(({ transform }) => transform !== undefined)) return phases;
  /** For other assets: per project, the phase that a model behind it begins. */
  const carried = new Map<string, ReadonlyMap<string, number>>();
  for (const { key, transform, dependencies } of graph.assets) {
    const through = new Map<string, number>();
    for (const { upstream } of Object.values(dependencies)) {
      for (const [project, phase] of carried.get(upstream.key) ?? []) raise(through, project, phase);
      const project = upstream.transform?.project;
      if (project === undefined) continue;
      const phase = phases.get(upstream.key) ?? 0;
      raise(through, project, project === transform?.project ? phase : phase + 1);
    }
    if (transform !== undefined) {
      phases.set(key, through.get(transform.project) ?? 0);
      through.delete(transform.project);
    }
    if (through.size > 0) carried.set(key, through);
  }
  return phases;
}

const raise = (phases: Map<string, number>, project: string, phase: number): void =>
  void phases.set(project, Math.max(phase, phases.get(project) ?? 0));
