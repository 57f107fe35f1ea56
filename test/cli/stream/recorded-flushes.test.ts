import { describe, expect, it } from 'vitest';
import { recordedFlushes } from '../../../src/cli/stream/recorded-flushes.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { EventFilter, MaterializedEvent } from '../../../src/runtime/resource/run-store.ts';

const LAKE = 'lake/plays';

interface Given {
  /** Milliseconds. */
  readonly ago: number;
  readonly run?: string;
  readonly asset?: string;
  readonly metadata?: MaterializedEvent['metadata'];
}

const flushOf = ({ ago, run = 'one', asset = LAKE, metadata = {} }: Given): MaterializedEvent => ({
  type: 'asset.materialized',
  run,
  at: new Date(Date.now() - ago).toISOString(),
  asset,
  version: 'v',
  codeVersion: 'c',
  configVersion: 'c',
  inputs: {},
  milliseconds: 0,
  rows: 1,
  bytes: 100,
  metadata: { records: 10, rejected: 0, ...metadata },
});

async function storeOf(flushes: readonly Given[]) {
  const memory = createMemoryRunStore();
  await memory.append(flushes.map(flushOf));
  let read = 0;
  const events = async (filter: EventFilter) => {
    const found = await memory.events(filter);
    read += found.length;
    return found;
  };
  return { store: { ...memory, events }, read: () => read };
}

const MINUTE = 60_000;

describe('what the run store has of the flushes of an asset', () => {
  it('is added up over all processes and the last five minutes', async () => {
    const { store } = await storeOf([
      { ago: 6 * MINUTE, metadata: { records: 1_000_000 } },
      { ago: 100_000, metadata: { records: 500, bytesIn: 4_000, latency: { p50: 10, p99: 40 }, lag: 99, rebalances: 1 } },
      { ago: 90_000, run: 'two', metadata: { records: 300, rejected: 7, bytesIn: 1_000, latency: { p50: 30, p99: 90 }, lag: 4 } },
      { ago: 50_000, run: 'dead', metadata: { records: 100, lag: 1_000 } },
      { ago: 20_000, metadata: { records: 100, latency: { p50: 20, p99: 50 }, lag: 3, rebalances: 2 } },
      { ago: 10_000, asset: 'lake/other', metadata: { records: 5 } },
    ]);
    const flushes = await recordedFlushes(store, LAKE, ['one', 'two', 'elsewhere']);
    expect(flushes).toMatchObject({
      processes: 2,
      flushes: 4,
      rejected: 7,
      bytesIn: 5_000,
      bytes: 400,
      flushRecords: { p50: 300, most: 500 },
      latency: { p50: 20, p99: 90 },
      rebalances: 3,
      lag: 7,
    });
    expect(flushes.recordsPerSecond).toBeGreaterThan(9.9); // 1,000 in the hundred seconds since the first
    expect(flushes.recordsPerSecond).toBeLessThanOrEqual(10);
  });

  it('says when the last flush was, however long ago', async () => {
    const { store } = await storeOf([{ ago: 60 * MINUTE }]);
    const flushes = await recordedFlushes(store, LAKE, []);
    expect(flushes).toMatchObject({ flushes: 0, processes: 0, recordsPerSecond: 0, lag: null, latency: { p50: null, p99: null } });
    expect(Date.parse(flushes.lastFlushAt ?? '')).toBeLessThan(Date.now() - 59 * MINUTE);
    expect((await recordedFlushes(store, 'lake/none', [])).lastFlushAt).toBe(null);
  });

  it('counts all of a busy span', async () => {
    const { store } = await storeOf(Array.from({ length: 7_000 }, (_, index) => ({ ago: 7_000 - index })));
    expect((await recordedFlushes(store, LAKE, [])).flushes).toBe(7_000);
  });

  it('reads little of a long log', async () => {
    const { store, read } = await storeOf(Array.from({ length: 20_000 }, (_, index) => ({ ago: (20_000 - index) * 5_000 })));
    expect((await recordedFlushes(store, LAKE, [])).flushes).toBeLessThanOrEqual(60);
    expect(read()).toBe(500);
  });
});
