import { asset, given, materialize, partitions, resource, source, table, value } from 'spindle';
import { createMemoryRunStore, ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';

const world = () => ({ ...ephemeral(), runStore: createMemoryRunStore() });

describe('a source', () => {
  it('is observed through its store, and makes what reads it stale when that holds something else', async () => {
    const here = world();
    const { warehouse } = here.resources;
    const Row = z.object({ n: z.int() });
    const rates = source('rates', { store: table('raw.rates', Row) });
    const writer = asset('writer', { store: table('raw.rates', Row) });
    const sum = asset('sum', { store: value(z.int()), deps: { rates } }).run(async ({ rates }) => rates.count());
    const write = (rows: { n: number }[]) => materialize([writer.run(() => rows)], { ...ephemeral(), resources: { warehouse } });
    const missing = await materialize([sum], here);
    expect(missing.events.find(({ type }) => type === 'step.failed')).toMatchObject({ error: { code: 'UPSTREAM_MISSING' } });
    await write([{ n: 1 }]);
    const first = await materialize([sum], here);
    expect(await first.output(sum)).toBe(1);
    expect(first.events.find(({ type }) => type === 'asset.observed')).toMatchObject({ asset: 'rates' });
    expect((await materialize([sum], here)).ran).toEqual([]);
    await write([{ n: 1 }, { n: 2 }]);
    expect((await materialize([sum], here)).explain(sum)).toMatch(/^sum ran because rates changed/);
  });

  it('may tell its version by itself, and then needs no store', async () => {
    let version: string | undefined;
    const here = { ...ephemeral({ resources: { registry: { version: () => version } } }), runStore: createMemoryRunStore() };
    const asked: string[] = [];
    const files = source('files', {
      resources: { registry: resource<{ version(): string | undefined }>()('registry') },
      observe: ({ now, resources }) => {
        asked.push(now().toISOString());
        return resources.registry.version();
      },
    });
    let runs = 0;
    const report = asset('report', { store: value(z.int()), deps: { files } }).run(() => ++runs);
    const run = () => materialize([report], here);
    expect((await run()).explain(report)).toContain('report reads files, which holds nothing yet');
    version = 'v1';
    expect((await run()).ran).toEqual(['report']);
    expect((await run()).ran).toEqual([]);
    version = 'v2';
    const changed = await run();
    expect(changed.ran).toEqual(['report']);
    expect(changed.events.filter(({ type }) => type === 'asset.observed')).toMatchObject([{ asset: 'files', version: 'v2' }]);
    expect([runs, asked[0]]).toEqual([2, '2026-01-01T00:00:00.000Z']);
  });

  it('may tell its version in place of a store that it is read through', async () => {
    const here = world();
    let version = 'v1';
    const size = source('size', { store: value(z.int()), observe: async () => version });
    await here.resources.lake.put('values/size.json', Buffer.from('3'), {});
    const double = asset('double', { store: value(z.int()), deps: { size } }).run(({ size }) => 2 * size);
    expect(await (await materialize([double], here)).output(double)).toBe(6);
    expect((await materialize([double], here)).ran).toEqual([]);
    version = 'v2';
    expect((await materialize([double], here)).ran).toEqual(['double']);
  });

  it('is not observed where something is given in its place', async () => {
    const files = source('files', { observe: () => Promise.reject(new Error('not asked')) });
    const report = asset('report', { deps: { files } }).run(() => 1);
    expect((await materialize([report], { ...ephemeral(), given: [given(files, undefined)] })).ok).toBe(true);
  });

  it('ends the run where it cannot be observed, and says which it is', async () => {
    const broken = source('broken', { observe: () => Promise.reject(Object.assign(new Error('unreachable'), { transient: true })) });
    const strange = source('strange', { observe: () => 7 as never });
    const read = (up: typeof broken) => materialize([asset('report', { deps: { up } }).run(() => 1)], ephemeral());
    await expect(read(broken)).rejects.toMatchObject({
      code: 'ASSET_FAILED',
      message: expect.stringContaining('The source broken could not be observed: Error: unreachable'),
      transient: true,
    });
    await expect(read(strange as never)).rejects.toMatchObject({
      code: 'VALUE_INVALID',
      message: 'The source strange tells its version as 7.',
    });
  });

  it('cannot tell one version for many partitions', () => {
    const days = source('days', { store: value(z.int()), partitions: partitions.daily({ start: '2026-01-01' }), observe: () => 'v1' });
    expect(() => buildGraph({ assets: [days.definition], checks: [], jobs: [] })).toThrow(/SOURCE_PARTITIONS: days/);
  });
});
