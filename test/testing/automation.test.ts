import { describe, expect, expectTypeOf, it } from 'vitest';
import { asset, eager, job, materialize, onCron } from 'spindle';
import { automation, createMemoryRunStore, ephemeral } from 'spindle/testing';

const hourly = asset('hourly', { automation: onCron('0 * * * *') }).run(() => 1);
const follower = asset('follower', { deps: { hourly }, automation: eager() }).run(({ hourly }) => hourly + 1);
const plain = asset('plain').run(() => 1);
const nightly = job('nightly', { select: 'plain', automation: onCron('0 3 * * *') });

describe('automation of the testing kit', () => {
  it('asks at a fixed instant over what was recorded, and names what fires by its type', async () => {
    const runStore = createMemoryRunStore();
    await materialize([hourly, follower], { ...ephemeral({ now: '2026-01-01T10:00:00Z' }), runStore });
    const { fires } = await automation([hourly, follower], { runStore, now: '2026-01-01T11:00:00Z' });
    expect(fires).toEqual(['hourly']);
    expectTypeOf(fires).toEqualTypeOf<readonly ('hourly' | 'follower' | `job:${string}`)[]>();
  });

  it('asks only what it is given, also where that depends on more', async () => {
    expect((await automation([follower], { now: '2026-01-01T11:00:00Z' })).fires).toEqual(['follower']);
    expect((await automation([plain], { jobs: [nightly], now: '2026-01-01T11:00:00Z' })).fires).toEqual(['job:nightly']);
  });

  it('gives the events with which a later instant follows', async () => {
    const runStore = createMemoryRunStore();
    const first = await automation([plain], { jobs: [nightly], runStore, now: '2026-01-01T03:00:00Z' });
    expect(first.runs).toEqual([{ keys: ['plain'], job: 'nightly', partitions: {} }]);
    await runStore.append(first.events);
    expect((await automation([plain], { jobs: [nightly], runStore, now: '2026-01-02T02:59:00Z' })).fires).toEqual([]);
    expect((await automation([plain], { jobs: [nightly], runStore, now: '2026-01-02T03:00:00Z' })).of(nightly).fires).toBe(true);
  });

  it('says what has no condition', async () => {
    const report = await automation([plain], { now: '2026-01-01T11:00:00Z' });
    expect(() => report.of(plain)).toThrow('plain has no automation');
  });
});
