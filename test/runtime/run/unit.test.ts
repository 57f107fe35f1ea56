import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition } from '../../../src/runtime/declare/definition.ts';
import { unitsOf } from '../../../src/runtime/run/unit.ts';
import { table } from '../../../src/runtime/store/table.ts';

const node = (key: string, upstreams: readonly AssetDefinition[], project?: string): AssetDefinition => ({
  ...define(key, {}),
  dependencies: Object.fromEntries(upstreams.map((upstream) => [upstream.key, { upstream, mapping: { kind: 'same' } }])),
  ...(project === undefined ? { run: () => 1 } : { transform: { project, dir: '/', uniqueId: key, fqn: key } }),
});

const units = (assets: readonly AssetDefinition[], selected = assets.map(({ key }) => key)) =>
  unitsOf(buildGraph({ assets, checks: [], jobs: [] }), new Set(selected)).map((unit) => ({
    ids: unit.assets.map(({ key }) => key),
    after: unit.after,
  }));

describe('the units of a run', () => {
  it('are one build for all models that hang together', () => {
    const load = node('load', []);
    const silver = node('silver', [load], 'p');
    const gold = node('gold', [silver], 'p');
    expect(units([load, silver, gold])).toEqual([
      { ids: ['load'], after: [] },
      { ids: ['silver', 'gold'], after: ['load'] },
    ]);
  });

  it('are a unit of its own for a model that is built by partition, between the builds before and after it', () => {
    const first = node('first', [], 'p');
    const store = table('gold.daily', z.object({ region: z.string() }), { partitionBy: 'region' });
    const daily: AssetDefinition = { ...node('daily', [first], 'p'), store, partitions: { kind: 'static', keys: ['eu'] } };
    const second = node('second', [daily], 'p');
    expect(units([first, daily, second])).toEqual([
      { ids: ['first'], after: [] },
      { ids: ['daily'], after: ['p#0'] },
      { ids: ['second'], after: ['daily'] },
    ]);
  });

  it('are two builds where an asset stands between models', () => {
    const first = node('first', [], 'p');
    const between = node('between', [first]);
    const second = node('second', [between], 'p');
    const beside = node('beside', [first], 'p');
    expect(units([first, between, second, beside])).toEqual([
      { ids: ['first', 'beside'], after: [] },
      { ids: ['between'], after: ['p#0'] },
      { ids: ['second'], after: ['between'] },
    ]);
  });

  it('keep the models of two projects apart', () => {
    const a = node('a', [], 'p');
    const b = node('b', [a], 'q');
    expect(units([a, b])).toEqual([
      { ids: ['a'], after: [] },
      { ids: ['b'], after: ['p#0'] },
    ]);
  });

  it('do not wait for each other where the models of two projects do', () => {
    const p1 = node('p1', [], 'p');
    const q1 = node('q1', [p1], 'q');
    const q2 = node('q2', [], 'q');
    const p2 = node('p2', [q2], 'p');
    expect(units([p1, q1, q2, p2])).toEqual([
      { ids: ['p1'], after: [] },
      { ids: ['q2', 'q1'], after: ['p#0'] },
      { ids: ['p2'], after: ['q#0'] },
    ]);
  });

  it('hold nothing that is not selected', () => {
    const a = node('a', []);
    const b = node('b', [a]);
    expect(units([a, b], ['b'])).toEqual([{ ids: ['b'], after: [] }]);
  });
});
