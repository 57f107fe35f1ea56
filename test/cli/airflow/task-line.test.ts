import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskLine } from '../../../src/cli/airflow/task-line.ts';
import { createPartitionSpace } from '../../../src/runtime/partitions/space.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { createTally } from '../../../src/runtime/run/tally.ts';
import type { TaskLine } from './tasks-project.ts';

const base = { run: 'r', at: '2026-01-01T00:00:00.000Z' };
const LIMIT = 32 * 1024;

const made = (asset: string, more: Partial<Extract<RunEvent, { type: 'asset.materialized' }>> = {}): RunEvent => ({
  type: 'asset.materialized',
  ...base,
  asset,
  version: 'v1',
  codeVersion: 'c',
  configVersion: '',
  inputs: {},
  milliseconds: 1,
  metadata: {},
  ...more,
});

function lineOf(events: readonly RunEvent[], error?: { readonly code: string; readonly message: string }): TaskLine {
  const tally = createTally();
  for (const event of events) tally.listen(event);
  const days = createPartitionSpace({ kind: 'time', unit: 'day', start: '2000-01-01', timezone: 'UTC' });
  const text = taskLine({ run: 'r', status: 'succeeded', tally, error, spaceOf: (asset) => (asset === 'days' ? days : undefined) });
  expect(text).not.toContain('\n');
  expect(Buffer.byteLength(`${text}\n`)).toBeLessThan(LIMIT);
  return JSON.parse(text) as TaskLine;
}

const nth = (index: number): string => new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10);

describe('the line of a task', () => {
  it('says what was made, in sum for each asset, and what was checked', () => {
    const line = lineOf([
      made('days', { partition: '2026-01-01', rows: 2, bytes: 10, metadata: { a: 1 } }),
      made('days', { partition: '2026-01-02..2026-01-04', rows: 3 }),
      made('sum', { metadata: { terms: 2 } }),
      { type: 'asset.observed', ...base, asset: 'model', version: 'v1', rows: 7 },
      made('model'),
      {
        type: 'check.finished',
        ...base,
        asset: 'sum',
        check: 'even',
        passed: false,
        blocking: false,
        severity: 'warn',
        version: 'v1',
        milliseconds: 1,
        metadata: { by: 1 },
      },
    ]);
    expect(line).toEqual({
      run: 'r',
      status: 'succeeded',
      materialized: [
        { asset: 'days', partition: '2026-01-01', rows: 2, bytes: 10, version: 'v1', metadata: { a: 1 } },
        { asset: 'days', partition: '2026-01-02..2026-01-04', rows: 3, version: 'v1', metadata: {} },
        { asset: 'sum', version: 'v1', metadata: { terms: 2 } },
        { asset: 'model', rows: 7, version: 'v1', metadata: {} },
      ],
      skipped: 0,
      failed: 0,
      checks: [{ asset: 'sum', check: 'even', passed: false }],
      assets: {
        days: { run: 'r', rows: 5, bytes: 10, partitions: ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'] },
        sum: { run: 'r', metadata: { terms: 2 } },
        model: { run: 'r', rows: 7, metadata: {} },
      },
    });
  });

  it('leaves out the steps of partitions first, and then metadata', () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      made('days', { partition: nth(index), rows: 1, metadata: { note: 'some words' } }),
    );
    const line = lineOf([...many, made('sum', { metadata: { terms: 2 } })]);
    expect(line).toMatchObject({ truncated: true, materialized: [{ asset: 'sum', metadata: { terms: 2 } }] });
    expect(line.materialized).toHaveLength(1);
    expect(line.assets['days']?.partitions).toHaveLength(400);
    const long = lineOf([...many, made('sum', { metadata: { text: 'x'.repeat(LIMIT) } })]);
    expect(long).toMatchObject({ truncated: true, materialized: [{ asset: 'sum' }], assets: { sum: {} } });
    expect(JSON.stringify(long)).not.toContain('xxx');
    expect(long.assets['days']?.partitions).toHaveLength(400);
  });

  it('lists a thousand partitions of an asset at most', () => {
    const thousand = lineOf([made('days', { partition: `${nth(0)}..${nth(999)}` })]);
    expect([thousand.truncated, thousand.assets['days']?.partitions?.length]).toEqual([undefined, 1_000]);
    const more = lineOf([made('days', { partition: `${nth(0)}..${nth(1_000)}` })]);
    expect([more.truncated, more.assets['days']?.partitions?.length]).toEqual([true, 1_000]);
  });

  it('is below 32 KiB whatever a task did', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const events = fc.array(
      fc
        .record({ asset: fc.oneof(fc.constant('days'), text), partition: fc.option(text, { nil: undefined }), note: text })
        .map(({ asset, partition, note }) => made(asset, { ...(partition !== undefined && { partition }), metadata: { note } })),
      { maxLength: 300, size: 'max' },
    );
    let cut = 0;
    fc.assert(
      fc.property(events, fc.string({ maxLength: 50_000, size: 'max' }), (list, message) => {
        if (lineOf(list, { code: 'INTERNAL', message }).truncated) cut++;
      }),
      { numRuns: 60 },
    );
    expect(cut).toBeGreaterThan(10);
  });
});
