import type { AssetDefinition, JobDefinition } from '../../../../src/runtime/declare/definition.ts';
import { buildGraph, type Graph } from '../../../../src/runtime/graph/graph.ts';
import { select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import { unitsOf } from '../../../../src/runtime/run/unit.ts';
import { closureOf, type Before } from './closure.ts';

/** What a local run of a job would do, by the runtime alone. */
export interface LocalJob {
  readonly job: JobDefinition;
  readonly graph: Graph;
  /** What the run materializes, in the graph's order: no sources, and not what services fill. */
  readonly made: readonly string[];
  /** Of each selected asset, all that the run does before it. */
  readonly before: Before;
}

export function localJob(graph: Graph, job: JobDefinition): LocalJob {
  const serves = job.airflow.streaming !== 'task';
  const selected = select(graph, job.select).filter((key) => !(serves && isService(graph.get(key))));
  const made = selected.filter((key) => isMade(graph.get(key)));
  return { job, graph, made, before: orderOf(graph, selected) };
}

/** The order of the assets of a run. */
export function orderOf(graph: Graph, selected: Iterable<string>): Before {
  return closureOf(new Map(unitsOf(withoutTransforms(graph), new Set(selected)).map(({ id, after }) => [id, after])));
}

const isMade = ({ run, transform }: AssetDefinition): boolean => run !== undefined || transform !== undefined;
const isService = (asset: AssetDefinition): boolean => isMade(asset) && asset.store?.spec.stream !== undefined;

/** The same graph with functions in place of models: dbt does them one after another as they depend, and a task may build one alone. */
function withoutTransforms(graph: Graph): Graph {
  if (graph.assets.every(({ transform }) => transform === undefined)) return graph;
  const made = new Map<string, AssetDefinition>();
  for (const asset of graph.assets) {
    const dependencies = Object.fromEntries(
      Object.entries(asset.dependencies).map(([name, { upstream, mapping }]) => [name, { upstream: made.get(upstream.key)!, mapping }]),
    );
    const plain = asset.transform === undefined ? asset : { ...asset, transform: undefined, run: () => undefined };
    made.set(asset.key, { ...plain, dependencies });
  }
  return buildGraph({ assets: [...made.values()], checks: [], jobs: [] });
}

/** The assets that must be made by one process: one function yields them, one reads the other from memory, or they lie between two such. */
export function inseparable({ graph, made, before }: LocalJob): readonly ReadonlySet<string>[] {
  const pairs = made.flatMap((key) =>
    Object.values(graph.get(key).dependencies).flatMap(({ upstream, mapping }) =>
      mapping.kind !== 'order' && upstream.store?.durable !== true ? [[key, upstream.key] as const] : [],
    ),
  );
  const siblings = made.flatMap((one) =>
    made.flatMap((other) => (isSibling(graph.get(one), graph.get(other)) ? [[one, other] as const] : [])),
  );
  let blocks = made.map((key): ReadonlySet<string> => new Set([key]));
  const join = (one: ReadonlySet<string>, other: ReadonlySet<string>): void => {
    if (one !== other) blocks = [...blocks.filter((block) => block !== one && block !== other), new Set([...one, ...other])];
  };
  const blockOf = (key: string) => blocks.find((block) => block.has(key));
  for (const [one, other] of [...pairs, ...siblings]) {
    const [a, b] = [blockOf(one), blockOf(other)];
    if (a !== undefined && b !== undefined) join(a, b);
  }
  // Two that wait for each other cannot be two tasks.
  for (let knot = knotOf(blocks, before); knot !== undefined; knot = knotOf(blocks, before)) join(...knot);
  return blocks;
}

const isSibling = (one: AssetDefinition, other: AssetDefinition): boolean =>
  one !== other && one.shared !== undefined && other.shared !== undefined && one.run === other.run;

/** Two blocks each of which is before the other, perhaps by way of further ones. */
function knotOf(blocks: readonly ReadonlySet<string>[], before: Before): readonly [ReadonlySet<string>, ReadonlySet<string>] | undefined {
  const order = closureOf(contracted(blocks, before));
  for (const one of blocks)
    for (const other of blocks) if (one !== other && order.get(one)!.has(other) && order.get(other)!.has(one)) return [one, other];
  return undefined;
}

/** The order of sets of assets that are each done as one: what each waits for. */
export function contracted<T>(blocks: Iterable<T & ReadonlySet<string>>, before: Before): ReadonlyMap<T, readonly T[]> {
  const all = [...blocks];
  return new Map(
    all.map((block) => [
      block,
      all.filter((other) => other !== block && [...block].some((key) => [...other].some((up) => before.get(key)!.has(up)))),
    ]),
  );
}
