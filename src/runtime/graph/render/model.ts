import { describeCondition } from '../../automation/describe.ts';
import type { PartitionsDefinition } from '../../partitions/definition.ts';
import { kindOf } from '../kind.ts';
import type { Graph } from '../model.ts';

export const RENDER_STATUSES = ['fresh', 'stale', 'missing', 'failed'] as const;
export type RenderStatus = (typeof RENDER_STATUSES)[number];

export interface RenderNode {
  readonly key: string;
  readonly kind: string;
  readonly group?: string;
  /** In a few words, such as `daily`. */
  readonly partitions?: string;
  /** What fires it, as a clause. */
  readonly automation?: string;
  readonly status?: RenderStatus;
}

export interface RenderEdge {
  readonly from: string;
  readonly to: string;
  /** No data flows: only order. */
  readonly orderOnly: boolean;
}

/** What the renderers draw: what an edge leaves comes before what it enters, and both ends are among the nodes. */
export interface RenderGraph {
  readonly nodes: readonly RenderNode[];
  readonly edges: readonly RenderEdge[];
}

/** A graph, or the named part of it with the dependencies within that part, as data for the renderers. */
export function renderGraph(
  graph: Graph,
  options: { readonly keys?: readonly string[]; status?(key: string): RenderStatus | undefined } = {},
): RenderGraph {
  const shown = new Set(options.keys ?? graph.keys);
  const assets = graph.assets.filter(({ key }) => shown.has(key));
  const nodes = assets.map((asset): RenderNode => {
    const status = options.status?.(asset.key);
    return {
      key: asset.key,
      kind: kindOf(asset),
      ...(asset.group !== undefined && { group: asset.group }),
      ...(asset.partitions !== undefined && { partitions: partitionsText(asset.partitions) }),
      ...(asset.automation !== undefined && { automation: describeCondition(asset.automation) }),
      ...(status !== undefined && { status }),
    };
  });
  const edges = assets.flatMap(({ key, dependencies }) => {
    const all = Object.values(dependencies);
    const from = graph.upstream(key).filter((upstream) => shown.has(upstream));
    return from.map((upstream) => ({
      from: upstream,
      to: key,
      orderOnly: all.every((dependency) => dependency.upstream.key !== upstream || dependency.mapping.kind === 'order'),
    }));
  });
  return { nodes, edges };
}

/** Each node's column: 0 for what has no edge into it, else one more than the highest before it. */
export function columnsOf({ nodes, edges }: RenderGraph): ReadonlyMap<string, number> {
  const columns = new Map(nodes.map(({ key }) => [key, 0]));
  const incoming = new Map<string, string[]>(nodes.map(({ key }) => [key, []]));
  for (const { from, to } of edges) incoming.get(to)?.push(from);
  for (const { key } of nodes) {
    let column = 0;
    for (const from of incoming.get(key)!) column = Math.max(column, columns.get(from)! + 1);
    columns.set(key, column);
  }
  return columns;
}

/** A text in which every character can be seen: control characters, halves of pairs and changes of direction become `�`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu, '\ufffd');
}

const UNIT_NAMES = { hour: 'hourly', day: 'daily', week: 'weekly', month: 'monthly' } as const;

function partitionsText(definition: PartitionsDefinition): string {
  switch (definition.kind) {
    case 'time':
      return UNIT_NAMES[definition.unit];
    case 'static':
      return `${definition.keys.length} ${definition.keys.length === 1 ? 'key' : 'keys'}`;
    case 'dynamic':
      return `keys of ${definition.name}`;
    case 'cross':
      return Object.keys(definition.dimensions)
        .toSorted()
        .map((name) => `${name}: ${partitionsText(definition.dimensions[name]!)}`)
        .join(' × ');
  }
}
