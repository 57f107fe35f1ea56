import { groupsOf } from './mermaid.ts';
import { visible, type RenderGraph, type RenderNode, type RenderStatus } from './model.ts';

const COLORS: Readonly<Record<RenderStatus, string>> = { fresh: '#2e9e5b', stale: '#d9a300', missing: '#9aa5b1', failed: '#d64545' };

/** A Graphviz digraph, assets of a group in one cluster; order-only dependencies are dashed. */
export function renderDot({ nodes, edges }: RenderGraph): string {
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const node = ({ key, kind, partitions, status }: RenderNode) => {
    const detail = partitions === undefined ? kind : `${kind} · ${partitions}`;
    const color = status === undefined ? '' : `, color="${COLORS[status]}"`;
    return `${ids.get(key)} [label="${dotText(key)}\\n${dotText(detail)}"${color}];`;
  };
  const lines = ['digraph assets {', '  rankdir=LR;', '  node [shape=box, style=rounded, fontname="Helvetica"];'];
  for (const [index, { name, members }] of groupsOf(nodes).entries()) {
    if (name !== undefined) lines.push(`  subgraph cluster_${index} {`, `    label="${dotText(name)}";`);
    for (const member of members) lines.push(`${name === undefined ? '  ' : '    '}${node(member)}`);
    if (name !== undefined) lines.push('  }');
  }
  for (const { from, to, orderOnly } of edges) lines.push(`  ${ids.get(from)} -> ${ids.get(to)}${orderOnly ? ' [style=dashed]' : ''};`);
  return [...lines, '}'].join('\n') + '\n';
}

/** A text as it must stand between double quotes in a label: there a backslash begins an escape and an ampersand an HTML entity. */
export function dotText(text: string): string {
  return visible(text).replace(/[\\"]/g, '\\$&').replaceAll('&', '&amp;');
}
