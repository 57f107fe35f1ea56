import { describe, expect, it } from 'vitest';
import { asset, type Asset } from '../../src/runtime/declare/asset.ts';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { renderDot } from '../../src/runtime/graph/render/dot.ts';
import { renderJson } from '../../src/runtime/graph/render/json.ts';
import { renderMermaid } from '../../src/runtime/graph/render/mermaid.ts';
import { renderGraph } from '../../src/runtime/graph/render/model.ts';
import { renderSvg } from '../../src/runtime/graph/render/svg.ts';
import { renderText } from '../../src/runtime/graph/render/text.ts';
import { select } from '../../src/runtime/graph/selection/evaluate.ts';
import { materialize } from '../../src/runtime/run/materialize.ts';
import { planOf } from '../../src/runtime/run/plan-of.ts';
import { startRun } from '../../src/runtime/run/start-run.ts';
import { stillClock } from '../../src/runtime/run/system-clock.ts';
import { explain } from '../../src/runtime/plan/explain.ts';

const COUNT = 100_000;

function chain(): readonly Asset<string, number, {}>[] {
  const assets: Asset<string, number, {}>[] = [asset('number/0').run(() => 1)];
  for (let index = 1; index < COUNT; index++) {
    const before = assets[index - 1]!;
    assets.push(asset(`number/${index}`, { deps: { before } }).run(({ before: number }) => number + 1));
  }
  return assets;
}

const assets = chain();
const first = assets[0]!;
const last = assets[COUNT - 1]!;
const graph = buildGraph({ assets: [last.definition], checks: [], jobs: [] });

// The engine's stack holds some ten thousand calls: whatever follows a chain by calling itself does not come to its end.
describe('a chain of 100,000 assets', { timeout: 120_000 }, () => {
  it('has an order, levels, and selections from end to end', () => {
    expect(graph.keys).toEqual(assets.map(({ key }) => key));
    expect(graph.level(last.key)).toBe(COUNT - 1);
    expect(select(graph, `+${last.key}`)).toHaveLength(COUNT);
    expect(select(graph, `${first.key}+`)).toHaveLength(COUNT);
    expect(graph.descendants(first.key).size).toBe(COUNT - 1);
  });

  it('is planned and explained', async () => {
    const resources = { open: async () => undefined };
    const { signal } = new AbortController();
    const run = await startRun({ run: 'r', graph, selection: graph.keys, resources, clock: stillClock('2026-01-01T00:00:00Z'), signal });
    const planned = planOf(run).assets;
    expect(planned.map(({ action }) => action)).toEqual(graph.keys.map(() => 'run'));
    expect(explain(run, planned.at(-1)!)).toContain(`${last.key} runs because it was never materialized.`);
  });

  it.each([
    ['text', renderText],
    ['JSON', renderJson],
    ['Mermaid', renderMermaid],
    ['Graphviz', renderDot],
    ['SVG', renderSvg],
  ])('is drawn as %s', (_, render) => {
    expect(render(renderGraph(graph))).toContain(last.key);
  });

  it('is materialized whole', async () => {
    const run = await materialize(assets, { resources: {} });
    expect(run.ran).toEqual(graph.keys);
    expect(await run.output(last)).toBe(COUNT);
  });

  it('is worked out for its last asset alone, none of the others having a store', async () => {
    const run = await materialize([last], { resources: {} });
    expect(run.ran).toEqual([last.key]);
    expect(run.explain(last)).toContain('never materialized');
    expect(await run.output(last)).toBe(COUNT);
  });
});
