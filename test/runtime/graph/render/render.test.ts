import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { define } from '../../../../src/runtime/declare/asset.ts';
import { buildGraph } from '../../../../src/runtime/graph/graph.ts';
import { dotText, renderDot } from '../../../../src/runtime/graph/render/dot.ts';
import { renderJson } from '../../../../src/runtime/graph/render/json.ts';
import { layOut } from '../../../../src/runtime/graph/render/layout.ts';
import { mermaidText, renderMermaid } from '../../../../src/runtime/graph/render/mermaid.ts';
import { renderGraph, visible, type RenderGraph } from '../../../../src/runtime/graph/render/model.ts';
import { renderSvg, xmlText } from '../../../../src/runtime/graph/render/svg.ts';
import { renderText } from '../../../../src/runtime/graph/render/text.ts';
import { partitions } from '../../../../src/runtime/partitions/definition.ts';
import { definitions, edgesArbitrary, type Edges } from '../assets.ts';

const build = (edges: Edges) => buildGraph({ assets: definitions(edges), checks: [], jobs: [] });

/** Texts full of what could be read as more than a character. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '#',
        ';',
        '&',
        'amp;',
        '<',
        '>',
        "'",
        '`',
        '\n',
        '\\n',
        ']',
        '}',
        '--',
        '_',
        '**',
        '1.',
        ' ',
        'a',
        '%%',
        '\u202e',
        '😀',
        '\ud800',
        '\0',
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
);
const nastyGraph: fc.Arbitrary<RenderGraph> = fc
  .uniqueArray(nasty, { minLength: 1, maxLength: 5 })
  .chain((keys) =>
    fc.tuple(
      fc.constant(keys),
      fc.array(fc.record({ kind: nasty, group: nasty, partitions: nasty }, { requiredKeys: ['kind'] }), {
        minLength: keys.length,
        maxLength: keys.length,
      }),
      fc.array(fc.tuple(fc.nat({ max: keys.length - 1 }), fc.nat({ max: keys.length - 1 }), fc.boolean()), { maxLength: 6 }),
    ),
  )
  .map(([keys, rest, pairs]) => ({
    nodes: keys.map((key, index) => ({ key, ...rest[index]! })),
    edges: pairs.filter(([from, to]) => from < to).map(([from, to, orderOnly]) => ({ from: keys[from]!, to: keys[to]!, orderOnly })),
  }));

describe('quoting', () => {
  it('for Mermaid leaves nothing special and can be read back', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const quoted = mermaidText(text);
        // `#…;` aside, only characters without a meaning in Mermaid, Markdown and HTML are left.
        expect(quoted.replace(/#\d+;/g, '')).toMatch(/^[A-Za-z0-9 /.,:_·×\ufffd-]*$/u);
        expect(quoted.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).toBe(visible(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('for dot ends where the text ends and can be read back', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const quoted = dotText(text);
        // As Graphviz scans a quoted string: up to the first quote that no backslash escapes.
        expect(/^"(?:[^"\\]|\\.)*"/su.exec(`"${quoted}" rest`)?.[0]).toBe(`"${quoted}"`);
        expect(quoted.replace(/\\(.)/gsu, '$1').replaceAll('&amp;', '&')).toBe(visible(text));
        expect(quoted).not.toMatch(/&(?!amp;)/);
      }),
      { numRuns: 3000 },
    );
  });

  it('for XML leaves no markup and can be read back', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const quoted = xmlText(text);
        expect(quoted).not.toMatch(/[<>"']|&(?!#\d+;)/);
        expect(quoted.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).toBe(visible(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps every renderer’s output in its own grammar, whatever the names are', () => {
    fc.assert(
      fc.property(nastyGraph, (graph) => {
        for (const line of renderMermaid(graph).trimEnd().split('\n')) {
          expect(line).toMatch(/^(flowchart LR|\s+subgraph g\d+\["[^"]*"\]|\s+end|\s+n\d+\["[^"]*"\]|\s+n\d+ (-->|-\.->) n\d+)$/u);
        }
        const quotedString = '"(?:[^"\\\\\\n]|\\\\[^\\n])*"';
        const dotLine = new RegExp(
          `^(digraph assets \\{|\\s*\\}|\\s+rankdir=LR;|\\s+node \\[.*\\];|\\s+subgraph cluster_\\d+ \\{|\\s+label=${quotedString};|\\s+n\\d+ \\[label=${quotedString}\\];|\\s+n\\d+ -> n\\d+( \\[style=dashed\\])?;)$`,
          'u',
        );
        for (const line of renderDot(graph).trimEnd().split('\n')) expect(line).toMatch(dotLine);
        expectWellFormed(renderSvg(graph));
        const text = renderText(graph).trimEnd().split('\n');
        expect(text).toHaveLength(graph.nodes.length + 2);
        expect(text.join('')).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(JSON.parse(renderJson(graph))).toEqual(JSON.parse(JSON.stringify({ assets: graph.nodes, dependencies: graph.edges })));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Tags match, attributes are quoted, and no `<`, `>` or bare `&` stands in a text. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([\w]+)((?: [\w:-]+="[^"<>]*")*)(\/?)>/gu,
    (_, close: string, name: string, _attributes: string, empty: string) => {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (empty === '') open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!#\d+;)/);
}

describe('the drawing', () => {
  it('goes from left to right, and no box touches another', () => {
    fc.assert(
      fc.property(edgesArbitrary(), (edges) => {
        const layout = layOut(renderGraph(build(edges)), () => 100);
        const placed = new Map(layout.nodes.map((box) => [box.node.key, box]));
        expect(placed.size).toBe(Object.keys(edges).length);
        for (const { edge, points } of layout.routes) {
          const xs = points.map(({ x }) => x);
          expect(xs).toEqual(xs.toSorted((a, b) => a - b));
          const [from, to] = [placed.get(edge.from)!, placed.get(edge.to)!];
          expect(points[0]).toEqual({ x: from.x + from.width, y: from.y });
          expect(points.at(-1)).toEqual({ x: to.x, y: to.y });
          expect(from.x + from.width).toBeLessThan(to.x);
        }
        for (const [index, a] of layout.nodes.entries()) {
          expect(a.x >= 0 && a.x + a.width <= layout.width && a.y >= 22 && a.y + 22 <= layout.height).toBe(true);
          for (const b of layout.nodes.slice(index + 1)) expect(a.x !== b.x || Math.abs(a.y - b.y) >= 63.9).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same however the assets are listed', () => {
    const edges = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };
    const reversedOrder = Object.fromEntries(Object.entries(edges).toReversed());
    expect(renderSvg(renderGraph(build(reversedOrder)))).toBe(renderSvg(renderGraph(build(edges))));
  });
});

describe('a small graph', () => {
  const raw = define('raw', {});
  const users = { ...define('users', {}), group: 'core' };
  const daily = {
    ...define('gold/daily', {}),
    group: 'gold "1"',
    partitions: partitions.cross({ region: partitions.of(['eu', 'us']), day: partitions.daily({ start: '2026-01-01' }) }).definition,
    dependencies: { raw: { upstream: raw, mapping: { kind: 'same' } }, users: { upstream: users, mapping: { kind: 'order' } } },
  } as const;
  const graph = buildGraph({ assets: [daily], checks: [], jobs: [] });
  const model = renderGraph(graph, { status: (key) => (key === 'raw' ? 'stale' : undefined) });

  it('is a table in the terminal', () => {
    expect(renderText(model)).toBe(
      [
        '0  raw         memory                               stale',
        '   users       memory',
        '1  gold/daily  memory  day: daily × region: 2 keys         ← raw, (users)',
        '',
        '3 assets, 2 dependencies',
        '',
      ].join('\n'),
    );
  });

  it('is a Mermaid flowchart', () => {
    expect(renderMermaid(model)).toMatchInlineSnapshot(`
      "flowchart LR
        n0["raw<br/><small>memory</small>"]:::stale
        subgraph g1["core"]
          n1["users<br/><small>memory</small>"]
        end
        subgraph g2["gold #34;1#34;"]
          n2["gold/daily<br/><small>memory · day: daily × region: 2 keys</small>"]
        end
        n0 --> n2
        n1 -.-> n2
        classDef fresh stroke:#2e9e5b
        classDef stale stroke:#d9a300
        classDef missing stroke:#9aa5b1,stroke-dasharray:4
        classDef failed stroke:#d64545
      "
    `);
  });

  it('is a dot digraph', () => {
    expect(renderDot(model)).toMatchInlineSnapshot(`
      "digraph assets {
        rankdir=LR;
        node [shape=box, style=rounded, fontname="Helvetica"];
        n0 [label="raw\\nmemory", color="#d9a300"];
        subgraph cluster_1 {
          label="core";
          n1 [label="users\\nmemory"];
        }
        subgraph cluster_2 {
          label="gold \\"1\\"";
          n2 [label="gold/daily\\nmemory · day: daily × region: 2 keys"];
        }
        n0 -> n2;
        n1 -> n2 [style=dashed];
      }
      "
    `);
  });

  it('is data', () => {
    expect(JSON.parse(renderJson(renderGraph(graph, { keys: ['gold/daily', 'users'] })))).toEqual({
      assets: [
        { key: 'users', kind: 'memory', group: 'core' },
        { key: 'gold/daily', kind: 'memory', group: 'gold "1"', partitions: 'day: daily × region: 2 keys' },
      ],
      dependencies: [{ from: 'users', to: 'gold/daily', orderOnly: true }],
    });
  });
});
