import { describe, expect, it } from 'vitest';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { RunStore } from '../../../src/runtime/resource/run-store.ts';
import type { TransformRequest, Transformer } from '../../../src/runtime/resource/transformer.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';

const model = (key: string, upstreams: readonly AssetDefinition[]): AssetDefinition => ({
  ...define(key, {}),
  codeVersion: 'c1',
  dependencies: Object.fromEntries(upstreams.map((upstream) => [upstream.key, { upstream, mapping: { kind: 'same' } }])),
  transform: { project: 'p', dir: '/', uniqueId: key, fqn: key },
});
const silver = model('silver', []);
const gold = model('gold', [silver]);
const graph = buildGraph({ assets: [silver, gold], checks: [], jobs: [] });
const warehouse = { lend: (_: string, work: (target: object) => Promise<void>) => work({}), tables: async () => [{ name: '' }] };

/** A run of models over a transformer that calls `build` for each of its calls. */
async function runModels(run: string, runStore: RunStore, build: (request: TransformRequest) => Promise<void>) {
  const events: RunEvent[] = [];
  const transformer: Transformer = {
    async build(request, report) {
      await build(request);
      for (const node of request.select) report({ type: 'finished', node, status: 'success', seconds: 0 });
    },
  };
  const context = await startRun({
    run,
    graph,
    selection: ['silver', 'gold'],
    resources: { open: async (name) => (name === 'transformer' ? transformer : warehouse) },
    clock: stillClock('2026-01-01T00:00:00Z'),
    signal: new AbortController().signal,
    runStore,
    listen: (event) => void events.push(event),
  });
  const status = await runSelection(context, { project: 'music', environment: 'local', selection: '**' }, () => false);
  return { status, events };
}

describe('two runs of the models of one project', () => {
  it('build them one after the other, and each once', async () => {
    const runStore = createMemoryRunStore();
    const built: string[] = [];
    let [at, most] = [0, 0];
    const build = (run: string) => async (request: TransformRequest) => {
      most = Math.max(most, ++at);
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      built.push(...request.select.map((name) => `${run} ${name}`));
      at--;
    };
    const [one, other] = await Promise.all([runModels('r1', runStore, build('r1')), runModels('r2', runStore, build('r2'))]);
    expect([one.status, other.status, most, built]).toEqual(['succeeded', 'succeeded', 1, ['r1 silver', 'r1 gold']]);
    expect(other.events.filter(({ type }) => type === 'step.waiting')).toMatchObject([{ asset: 'silver', holder: 'r1' }]);
    expect(other.events.filter(({ type }) => type === 'step.skipped')).toMatchObject([
      { asset: 'silver', cause: 'fresh' },
      { asset: 'gold', cause: 'fresh' },
    ]);
  });

  it('claim nothing where all of them are fresh', async () => {
    const runStore = createMemoryRunStore();
    await runModels('r1', runStore, async () => {});
    await runStore.claim({ name: 'gold', part: '', whole: true, run: 'other' });
    expect((await runModels('r2', runStore, async () => {})).status).toBe('succeeded');
  });
});
