import { DirectedGraph } from 'graphology';
import type { Edges } from './order.ts';

/**
 * One cycle for each knot of keys that depend on each other, as a path that ends where it began, in the direction of the data; at most `limit`
 * of them. The shortest that leads through the knot's first key.
 */
export function findCycles(edges: Edges, limit: number): readonly (readonly string[])[] {
  const keys = [...edges.keys()].toSorted();
  // Numbers for names: graphology keeps neighbors in plain objects, and an asset may be called `__proto__`.
  const numbers = new Map(keys.map((key, index) => [key, String(index)]));
  const graph = new DirectedGraph();
  for (const number of numbers.values()) graph.addNode(number);
  for (const [key, upstreams] of edges) for (const upstream of upstreams) graph.addDirectedEdge(numbers.get(upstream), numbers.get(key));

  const cycles: (readonly string[])[] = [];
  trim(graph, graph.nodes());
  while (graph.order > 0 && cycles.length < limit) {
    const knot = knotAround(graph, nodeOnCycle(graph));
    cycles.push(shortestCycle(graph, knot).map((node) => keys[Number(node)]!));
    const around = new Set([...knot].flatMap((node) => graph.neighbors(node)));
    for (const node of knot) graph.dropNode(node);
    trim(
      graph,
      [...around].filter((node) => graph.hasNode(node)),
    );
  }
  return cycles;
}

/** Takes out what is on no cycle, as far as it shows: nodes that nothing leads to, or that lead nowhere, and so on from these. */
function trim(graph: DirectedGraph, suspects: readonly string[]): void {
  const pending = [...suspects];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!graph.hasNode(node) || (graph.inDegree(node) > 0 && graph.outDegree(node) > 0)) continue;
    pending.push(...graph.neighbors(node));
    graph.dropNode(node);
  }
}

/** Something leads to every node of a trimmed graph, so the way back from any of them comes to a cycle. */
function nodeOnCycle(graph: DirectedGraph): string {
  const passed = new Set<string>();
  let node = first(graph.nodes());
  while (!passed.has(node)) {
    passed.add(node);
    node = first(graph.inNeighbors(node));
  }
  return node;
}

/** The nodes that lead to this one and are led to by it. */
function knotAround(graph: DirectedGraph, node: string): ReadonlySet<string> {
  const before = reach(node, (next) => graph.inNeighbors(next));
  return new Set([...reach(node, (next) => graph.outNeighbors(next))].filter((next) => before.has(next)));
}

function reach(start: string, neighborsOf: (node: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set that grows while it is walked through is walked through to its end.
  for (const node of reached) for (const next of neighborsOf(node)) reached.add(next);
  return reached;
}

function shortestCycle(graph: DirectedGraph, knot: ReadonlySet<string>): readonly string[] {
  const start = first([...knot]);
  const feeds = new Map<string, string>();
  for (let border = [start]; !feeds.has(start);) {
    const next: string[] = [];
    for (const node of border) {
      for (const upstream of graph.inNeighbors(node).toSorted(byNumber)) {
        if (!knot.has(upstream) || feeds.has(upstream)) continue;
        feeds.set(upstream, node);
        next.push(upstream);
      }
    }
    border = next;
  }
  const path = [start];
  do path.push(feeds.get(path.at(-1)!)!);
  while (path.at(-1) !== start);
  return path;
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b);
const first = (nodes: readonly string[]): string => nodes.reduce((least, node) => (byNumber(node, least) < 0 ? node : least));
