import { columnsOf, visible, type RenderGraph, type RenderNode } from './model.ts';

/**
 * A table for the terminal, one line an asset: its level, key, kind, partitions and status, and after `←` what it depends on (in parentheses where only for order).
 * Ends with a line that counts.
 */
export function renderText(graph: RenderGraph): string {
  const columns = columnsOf(graph);
  const incoming = new Map<string, string[]>();
  for (const { from, to, orderOnly } of graph.edges) incoming.set(to, [...(incoming.get(to) ?? []), orderOnly ? `(${from})` : from]);
  const nodes = graph.nodes.toSorted((a, b) => columns.get(a.key)! - columns.get(b.key)!);

  const rows = nodes.map((node, index) => {
    const level = columns.get(node.key)!;
    const first = index === 0 || columns.get(nodes[index - 1]!.key) !== level;
    const upstreams = incoming.get(node.key);
    return [first ? String(level) : '', ...cells(node), upstreams === undefined ? '' : `← ${upstreams.join(', ')}`].map(visible);
  });
  const used = [0, 1, 2, 3, 4, 5].filter((column) => rows.some((row) => row[column] !== ''));
  const widths = new Map(used.map((column) => [column, rows.reduce((widest, row) => Math.max(widest, [...row[column]!].length), 0)]));
  const lines = rows.map((row) =>
    used
      .map((column) => pad(row[column]!, widths.get(column)!))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, '', `${count(nodes.length, 'asset')}, ${count(graph.edges.length, 'dependency')}`].join('\n') + '\n';
}

function cells({ key, kind, partitions, status }: RenderNode): readonly string[] {
  return [key, kind, partitions ?? '', status ?? ''];
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - [...text].length);
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}
