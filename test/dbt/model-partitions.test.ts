import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { dbtProject, perPartition, type DbtProjectSpec } from '../../src/dbt/index.ts';
import { printManifest, trimManifest } from '../../src/dbt/manifest.ts';
import { source } from '../../src/runtime/declare/source.ts';
import { partitions } from '../../src/runtime/partitions/definition.ts';
import { table } from '../../src/runtime/store/table.ts';
import { manifestOf } from './manifest.ts';

const orders = source('raw/orders', { store: table('landing.orders_v2', z.object({ id: z.string() })) });

/** The model gold/sales of a project whose manifest has it configured like this. */
async function salesWith(config: Record<string, unknown>, spec: Partial<DbtProjectSpec<'shop'>> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'spindle-manifest-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const manifest = manifestOf();
  const sales = (manifest['nodes'] as Record<string, Record<string, unknown>>)['model.shop.sales']!;
  sales['config'] = { ...(sales['config'] as object), ...config };
  sales['columns'] = {
    day: { name: 'day', data_type: 'date', description: '' },
    id: { name: 'id', data_type: 'varchar', description: '' },
  };
  writeFileSync(join(dir, 'manifest.json'), printManifest(trimManifest(manifest)));
  const contents = (await dbtProject({ name: 'shop', dir, sources: [orders], ...spec }).load('/')).resolve();
  const sold = contents.assets.find(({ key }) => key === 'gold/sales')!;
  return { ...sold, issues: contents.issues };
}

const batches = (size: string, begin: string) => ({
  materialized: 'incremental',
  incremental_strategy: 'microbatch',
  event_time: 'day',
  batch_size: size,
  begin,
});

describe('the partitions of a model', () => {
  it('are the batches of a microbatch model, in UTC from where they begin', async () => {
    const { partitions: definition, backfill, transform, store } = await salesWith(batches('day', '2026-01-01'));
    expect(definition).toEqual({ kind: 'time', unit: 'day', start: '2026-01-01', timezone: 'UTC' });
    expect([backfill, transform?.slice]).toEqual(['range', { kind: 'event-time' }]);
    expect(store?.spec.problems?.('gold/sales', definition)).toEqual([]);
    expect((await salesWith(batches('hour', '2026-01-01T05:00:00'))).partitions).toMatchObject({
      unit: 'hour',
      start: '2026-01-01T05:00:00Z',
    });
  });

  it('are none where batches are years, or the model is built whole', async () => {
    expect((await salesWith(batches('year', '2020-01-01'))).partitions).toBeUndefined();
    expect((await salesWith({ ...batches('day', '2026-01-01'), incremental_strategy: 'delete+insert' })).partitions).toBeUndefined();
  });

  it('are what the project declares for it, with the variables of each', async () => {
    const regions = perPartition(partitions.of(['eu', 'us']), (region) => ({ region }), { partitionBy: 'id' });
    const { partitions: definition, backfill, transform } = await salesWith({}, { partitions: { 'gold/sales': regions } });
    expect([definition, backfill]).toEqual([{ kind: 'static', keys: ['eu', 'us'] }, 'each']);
    expect(transform?.slice?.kind === 'variables' && transform.slice.of('eu')).toEqual({ region: 'eu' });
  });

  it('need a column that tells a row’s partition, and a model that there is', async () => {
    const daily = perPartition(partitions.daily({ start: '2026-01-01' }), ({ key }) => ({ day: key }));
    const { store, partitions: definition } = await salesWith({}, { partitions: { 'gold/sales': daily } });
    expect(store?.spec.problems?.('gold/sales', definition)).toEqual([expect.stringContaining('add { partitionBy')]);
    const { issues } = await salesWith({}, { partitions: { 'gold/sale': daily } });
    expect(issues).toEqual([expect.stringContaining('no such model. Did you mean gold/sales?')]);
  });
});
