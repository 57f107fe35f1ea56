import { describe, expect, it } from 'vitest';
import { allOf, asset, eager, onCron, onMissing, partitions } from 'spindle';
import { automation } from 'spindle/testing';
import { number, scene } from './scene.ts';

describe('partitioned assets', () => {
  const days = partitions.daily({ start: '2026-01-01' });
  const hours = { store: number(), partitions: days } as const;

  it('fire for the partitions that are missing or stale, and leave those alone that failed before', async () => {
    const sales = asset('sales', { ...hours, automation: onMissing() }).run((_, { partition }) => {
      if (partition.key === '2026-01-02') throw new Error('no');
      return 1;
    });
    const { runStore, ask, fire, run } = scene([sales]);
    expect((await ask('10:00')).of(sales).partitions).toEqual(['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']);
    await fire('10:00');
    await run('sales', '10:00');
    expect((await ask('10:01')).fires).toEqual([]);
    const tomorrow = await automation([sales], { runStore, now: '2026-01-06T10:00:00Z' });
    expect(tomorrow.runs).toEqual([{ keys: ['sales'], job: undefined, partitions: { sales: ['2026-01-05'] } }]);
    await runStore.append(tomorrow.events);
    const later = await automation([sales], { runStore, now: '2026-01-07T10:00:00Z' });
    expect(later.of(sales).partitions).toEqual(['2026-01-06']);
  });

  it('fire at a tick for what is missing then, and not again for what is there', async () => {
    const sales = asset('sales', { ...hours, automation: onCron('0 * * * *') }).run(() => 1);
    const { runStore, ask, fire, run } = scene([sales]);
    expect(await fire('10:00')).toEqual(['sales']);
    await run('sales', '10:00');
    expect((await ask('11:00')).of(sales).why).toBe(
      'the tick 2026-01-05T11:00Z of "0 * * * *" (UTC) is due, but no partition has anything to do',
    );
    expect((await automation([sales], { runStore, now: '2026-01-06T00:10:00Z' })).of(sales).partitions).toEqual(['2026-01-05']);
  });

  it('are not due in a run that somebody asks for only because a schedule ticked, unlike an asset without partitions', async () => {
    const sales = asset('sales', { ...hours, automation: onCron('0 * * * *') }).run(() => 1);
    const total = asset('total', { store: number(), automation: onCron('0 * * * *') }).run(() => 1);
    const throttled = asset('throttled', { store: number(), automation: allOf(onCron('0 * * * *'), eager()) }).run(() => 1);
    const { run } = scene([sales, total, throttled]);
    await run('**', '10:00');
    expect((await run('**', '11:00')).ran).toEqual(['total']);
  });

  it('take all that is stale where they run together with what they depend on', async () => {
    const sales = asset('sales', { ...hours, automation: onCron('0 * * * *') }).run(() => 1);
    const sums = asset('sums', { ...hours, deps: { sales }, automation: onCron('0 * * * *') }).run(({ sales }) => sales);
    const { runStore, run } = scene([sales, sums]);
    await run('sales', '09:00');
    expect((await automation([sales, sums], { runStore, now: '2026-01-06T00:10:00Z' })).runs).toEqual([
      { keys: ['sales', 'sums'], job: undefined, partitions: { sales: ['2026-01-05'] } },
    ]);
  });
});
