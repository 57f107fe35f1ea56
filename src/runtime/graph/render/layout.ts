import { columnsOf, type RenderEdge, type RenderGraph, type RenderNode } from './model.ts';

/** Where a node lies: its left edge and its middle, in pixels. */
export interface Placed {
  readonly node: RenderNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Route {
  readonly edge: RenderEdge;
  /** From the right edge of one node to the left edge of another, by way of the columns between them. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly nodes: readonly Placed[];
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}

/** Something that takes up room in a column: a node, or a bend of a long edge. */
interface Slot {
  readonly column: number;
  readonly node: RenderNode | undefined;
  readonly before: Slot[];
  readonly behind: Slot[];
  y: number;
}

const MARGIN = 24;
const GAP = { column: 64, node: 64, bend: 18 } as const;
const SWEEPS = 6;

/** Places the nodes in columns, by what comes before what (Sugiyama's method: bends for long edges, then sweeps by the mean place of the neighbors against crossings). */
export function layOut(graph: RenderGraph, widthOf: (node: RenderNode) => number): Layout {
  const { columns, chains } = makeSlots(graph);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) settle(column, forward ? 'before' : 'behind');
  }
  const slots = columns.flat();
  const top = slots.reduce((least, { y }) => Math.min(least, y), 0);
  for (const slot of slots) slot.y += MARGIN + GAP.node / 2 - top;

  const widths = columns.map((column) => column.reduce((widest, { node }) => Math.max(widest, node === undefined ? 0 : widthOf(node)), 0));
  const lefts: number[] = [];
  for (const column of widths.keys()) lefts.push(column === 0 ? MARGIN : lefts[column - 1]! + widths[column - 1]! + GAP.column);
  const nodes = slots.flatMap(({ node, column, y }) =>
    node === undefined ? [] : [{ node, x: lefts[column]!, y, width: widths[column]! }],
  );
  const routes = chains.map(({ edge, slots: chain }) => ({
    edge,
    points: chain.flatMap(({ column, y }, index) => {
      const left = { x: lefts[column]!, y };
      const right = { x: lefts[column]! + widths[column]!, y };
      return index === 0 ? [right] : index === chain.length - 1 ? [left] : [left, right];
    }),
  }));
  const height = slots.reduce((most, { y }) => Math.max(most, y), 0) + GAP.node / 2 + MARGIN;
  return { nodes, routes, width: (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + MARGIN, height };
}

function makeSlots(graph: RenderGraph): { columns: Slot[][]; chains: { edge: RenderEdge; slots: Slot[] }[] } {
  const columnOf = columnsOf(graph);
  const columns: Slot[][] = [];
  const add = (column: number, node?: RenderNode): Slot => {
    const slot: Slot = { column, node, before: [], behind: [], y: 0 };
    (columns[column] ??= []).push(slot);
    return slot;
  };
  const slots = new Map(
    graph.nodes
      .toSorted((a, b) => columnOf.get(a.key)! - columnOf.get(b.key)!)
      .map((node) => [node.key, add(columnOf.get(node.key)!, node)]),
  );
  const chains = graph.edges.map((edge) => {
    const [start, end] = [slots.get(edge.from)!, slots.get(edge.to)!];
    const chain = [start];
    for (let column = start.column + 1; column < end.column; column += 1) chain.push(add(column));
    chain.push(end);
    for (const [index, slot] of chain.slice(1).entries()) {
      slot.before.push(chain[index]!);
      chain[index]!.behind.push(slot);
    }
    return { edge, slots: chain };
  });
  for (const column of columns) space(column);
  return { columns, chains };
}

/** Orders a column by the mean place of its neighbors on one side, and moves each slot as near to that place as the order allows. */
function settle(column: Slot[], side: 'before' | 'behind'): void {
  const wish = new Map(
    column.map((slot) => {
      const neighbors = slot[side];
      return [slot, neighbors.length === 0 ? slot.y : neighbors.reduce((sum, { y }) => sum + y, 0) / neighbors.length];
    }),
  );
  column.sort((a, b) => wish.get(a)! - wish.get(b)!);
  for (const slot of column) slot.y = wish.get(slot)!;
  space(column);
  // Spacing only pushes down; moving the column back up by the mean push keeps it centered on its wishes.
  const push = column.reduce((sum, slot) => sum + slot.y - wish.get(slot)!, 0) / column.length;
  for (const slot of column) slot.y -= push;
}

function space(column: readonly Slot[]): void {
  for (const [index, slot] of column.entries()) {
    const above = column[index - 1];
    if (above !== undefined) slot.y = Math.max(slot.y, above.y + (room(above) + room(slot)) / 2);
  }
}

function room({ node }: Slot): number {
  return node === undefined ? GAP.bend : GAP.node;
}
