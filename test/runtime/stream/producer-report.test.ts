import { describe, expect, it } from 'vitest';
import type { ProduceRecord } from '../../../src/runtime/resource/broker.ts';
import type { Flush } from '../../../src/runtime/stream/notice.ts';
import { createProducerReport } from '../../../src/runtime/stream/producer-report.ts';
import { manualClock } from './manual-clock.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

const records = (count: number, timestamp = START): ProduceRecord[] =>
  Array.from({ length: count }, () => ({ partition: 0, key: null, value: Buffer.from('12345'), headers: {}, timestamp }));

function setUp(version: () => Promise<string> = () => Promise.resolve('v1')) {
  const { clock, advance, sleeping } = manualClock();
  const told: Flush[] = [];
  return { report: createProducerReport({ clock, tell: (flush) => void told.push(flush), version }), told, advance, sleeping };
}

describe('the report of a producer', () => {
  it('adds up what is appended, and tells of it five seconds after it began', async () => {
    const { report, told, advance } = setUp();
    report.flushed(records(3));
    await advance(1_000);
    report.flushed(records(2));
    await advance(3_999);
    expect(told).toEqual([]);
    await advance(1);
    expect(told).toMatchObject([{ type: 'flushed', version: 'v1', records: 5, rows: 5, rejected: 0, bytes: 25, milliseconds: 5_000 }]);
    expect(told[0]?.latencies).toEqual([0, 0, 0, 1_000, 1_000]);
  });

  it('tells of a record that nothing follows, and begins anew with the next', async () => {
    const { report, told, advance } = setUp();
    report.flushed(records(1));
    await advance(3_600_000);
    report.flushed(records(2, START + 3_600_000));
    await advance(5_000);
    expect(told.map(({ records: count, milliseconds }) => [count, milliseconds])).toEqual([
      [1, 5_000],
      [2, 5_000],
    ]);
  });

  it('tells at the end what is left, and holds no timer', async () => {
    const { report, told, advance, sleeping } = setUp();
    report.flushed(records(1));
    await advance(100);
    await report.end();
    expect(told).toMatchObject([{ records: 1, milliseconds: 100 }]);
    expect(sleeping()).toBe(0);
    await report.end();
    expect(told.length).toBe(1);
  });

  it('tells of what was appended also where the broker does not say the version', async () => {
    let up = true;
    const { report, told, advance } = setUp(async () => {
      if (!up) throw new Error('no broker');
      return 'v7';
    });
    report.flushed(records(1));
    await advance(5_000);
    up = false;
    report.flushed(records(2));
    await report.end();
    expect(told.map(({ records: count, version }) => [count, version])).toEqual([
      [1, 'v7'],
      [2, 'v7'],
    ]);
  });

  it('leaves nothing out that is appended while the version is asked for', async () => {
    let answer: (version: string) => void = () => {};
    const { report, told, advance } = setUp(() => new Promise((resolve) => (answer = resolve)));
    report.flushed(records(1));
    await advance(5_000);
    report.flushed(records(2));
    answer('v2');
    await advance(0);
    report.flushed(records(4));
    const ended = report.end();
    answer('v3');
    await ended;
    expect(told.map(({ records: count }) => count)).toEqual([3, 4]);
  });

  it('holds a thousand latencies of any number of records', async () => {
    const { report, told } = setUp();
    for (let batch = 0; batch < 50; batch++) report.flushed(records(5_000));
    await report.end();
    expect(told[0]?.records).toBe(250_000);
    expect(told[0]?.latencies.length).toBeLessThanOrEqual(1_000);
  });
});
