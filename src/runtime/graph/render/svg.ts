import { layOut, type Placed, type Route } from './layout.ts';
import { visible, type RenderGraph, type RenderNode, type RenderStatus } from './model.ts';

const COLORS: Readonly<Record<RenderStatus, string>> = { fresh: '#2e9e5b', stale: '#d9a300', missing: '#9aa5b1', failed: '#d64545' };
const HEIGHT = 44;
/** Pixels of one character of the label's monospaced font, rounded up. */
const CHARACTER = 7.4;

const STYLE = [
  'text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}',
  '.key{font-size:12px;fill:#1f2933}',
  '.detail{font-size:10px;fill:#616e7c}',
  '.box{fill:#fff;stroke:#9fb3c8}',
  '.edge{fill:none;stroke:#9fb3c8;stroke-width:1.4}',
  '.order{stroke-dasharray:4 4}',
].join('');

/** A drawing from left to right that needs nothing beside it: no script, no font, no link. */
export function renderSvg(graph: RenderGraph): string {
  const layout = layOut(graph, labelWidth);
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Asset graph">`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#9fb3c8"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#f8fafc"/>`,
    ...layout.routes.map(drawEdge),
    ...layout.nodes.map(drawNode),
    '</svg>',
    '',
  ].join('\n');
}

/** A text as it must stand in XML, between tags or in an attribute. */
export function xmlText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function drawNode({ node, x, y, width }: Placed): string {
  const top = y - HEIGHT / 2;
  const status =
    node.status === undefined ? '' : `<circle cx="${round(x + width - 12)}" cy="${round(top + 12)}" r="4" fill="${COLORS[node.status]}"/>`;
  const title = [node.key, detailOf(node), node.group, node.status].filter((part) => part !== undefined).join(' · ');
  return [
    `<g><title>${xmlText(title)}</title>`,
    `<rect class="box" x="${round(x)}" y="${round(top)}" width="${round(width)}" height="${HEIGHT}" rx="6"/>`,
    `<text class="key" x="${round(x + 12)}" y="${round(top + 19)}">${xmlText(node.key)}</text>`,
    `<text class="detail" x="${round(x + 12)}" y="${round(top + 35)}">${xmlText(detailOf(node))}</text>${status}</g>`,
  ].join('');
}

/** Curves between columns, straight lines through the columns that the edge passes. */
function drawEdge({ edge, points }: Route): string {
  const [start, ...rest] = points;
  let path = `M${round(start!.x)} ${round(start!.y)}`;
  let last = start!;
  for (const point of rest) {
    const middle = round((last.x + point.x) / 2);
    path +=
      point.y === last.y
        ? `H${round(point.x)}`
        : `C${middle} ${round(last.y)} ${middle} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    last = point;
  }
  return `<path class="edge${edge.orderOnly ? ' order' : ''}" marker-end="url(#head)" d="${path}"/>`;
}

function detailOf({ kind, partitions }: RenderNode): string {
  return partitions === undefined ? kind : `${kind} · ${partitions}`;
}

function labelWidth(node: RenderNode): number {
  return Math.max(...[node.key, detailOf(node)].map((text) => [...text].length * CHARACTER)) + 36;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
