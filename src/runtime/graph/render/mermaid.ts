import { visible, type RenderGraph, type RenderNode } from './model.ts';

/** A Mermaid flowchart, assets of a group in one subgraph; order-only dependencies are dotted. */
export function renderMermaid({ nodes, edges }: RenderGraph): string {
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const node = ({ key, kind, partitions, status }: RenderNode) => {
    const detail = partitions === undefined ? kind : `${kind} · ${partitions}`;
    return `${ids.get(key)}["${mermaidText(key)}<br/><small>${mermaidText(detail)}</small>"]${status === undefined ? '' : `:::${status}`}`;
  };
  const lines = ['flowchart LR'];
  for (const [index, { name, members }] of groupsOf(nodes).entries()) {
    if (name !== undefined) lines.push(`  subgraph g${index}["${mermaidText(name)}"]`);
    for (const member of members) lines.push(`${name === undefined ? '  ' : '    '}${node(member)}`);
    if (name !== undefined) lines.push('  end');
  }
  for (const { from, to, orderOnly } of edges) lines.push(`  ${ids.get(from)} ${orderOnly ? '-.->' : '-->'} ${ids.get(to)}`);
  if (nodes.some(({ status }) => status !== undefined)) {
    lines.push(
      '  classDef fresh stroke:#2e9e5b',
      '  classDef stale stroke:#d9a300',
      '  classDef missing stroke:#9aa5b1,stroke-dasharray:4',
      '  classDef failed stroke:#d64545',
    );
  }
  return lines.join('\n') + '\n';
}

/** A text as it must stand between double quotes: whatever Mermaid, Markdown or HTML could read as more than a character becomes its `#…;` code. */
export function mermaidText(text: string): string {
  return visible(text).replace(/[^\w /.,:·×\ufffd-]|(?<![A-Za-z0-9])[_-]|[_.-](?![A-Za-z0-9])/gu, (char) => `#${char.codePointAt(0)};`);
}

/** The nodes by group, in the order in which the groups first occur. */
export function groupsOf(
  nodes: readonly RenderNode[],
): readonly { readonly name: string | undefined; readonly members: readonly RenderNode[] }[] {
  const groups = new Map<string | undefined, RenderNode[]>();
  for (const node of nodes) {
    const members = groups.get(node.group);
    if (members === undefined) groups.set(node.group, [node]);
    else members.push(node);
  }
  return [...groups].map(([name, members]) => ({ name, members }));
}
