import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/cli/stream/metrics.ts';
import { createRedactor } from '../../../src/cli/redact.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import type { Flush } from '../../../src/runtime/stream/notice.ts';
import { parsePrometheus, valueOf } from './prometheus-text.ts';

const LAKE = 'lake/plays';
const asset = { asset: LAKE };

function metricsOf(...secrets: string[]) {
  const redactor = createRedactor();
  redactor.add(secrets);
  const metrics = createMetrics(['stream/plays', LAKE], redactor);
  return { ...metrics, samples: async () => parsePrometheus(await metrics.text()) };
}

const flush = (fields: Partial<Flush> = {}): Flush => ({
  type: 'flushed',
  version: 'v',
  inputs: {},
  records: 10,
  rejected: 1,
  rows: 9,
  bytes: 2_000,
  bytesIn: 5_000,
  latencies: [100, 200, 90_000],
  milliseconds: 5,
  ...fields,
});

const refused = (partition?: number, message = 'no room') => ({
  type: 'interrupted' as const,
  error: new SpindleError('LAKE_FULL', message),
  delay: 500,
  ...(partition !== undefined && { partition }),
});

describe('the metrics of a stream', () => {
  it('are valid text of Prometheus, from the beginning on', async () => {
    const { samples, contentType, listen } = metricsOf();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    const names = new Set((await samples()).map(({ name }) => name));
    expect([...names].some((name) => name.startsWith('process_'))).toBe(true);
    expect(valueOf(await samples(), 'spindle_stream_up', asset)).toBe(1);
    listen('stream/plays', flush());
    listen(LAKE, flush());
    listen(LAKE, { type: 'assigned', partitions: [0] });
    listen(LAKE, { type: 'lag', lag: new Map([[0, 3]]) });
    listen(LAKE, refused(0));
    expect((await samples()).length).toBeGreaterThan(names.size);
  });

  it('add up records, bytes in and out, dead letters and flushes, with their sizes and latencies', async () => {
    const { samples, listen } = metricsOf();
    listen(LAKE, flush());
    listen(LAKE, flush({ records: 30, rejected: 0, bytes: 20_000, bytesIn: 50_000, latencies: [] }));
    listen(LAKE, flush({ records: 0, rejected: 0, bytes: 0 })); // an object that another process created
    const all = await samples();
    const value = (name: string, labels = {}) => valueOf(all, `spindle_stream_${name}`, { ...asset, ...labels });
    expect(value('records_total')).toBe(40);
    expect(value('rejected_records_total')).toBe(1);
    expect(value('read_bytes_total')).toBe(55_000);
    expect(value('written_bytes_total')).toBe(22_000);
    expect(value('flushes_total')).toBe(2);
    expect(value('flush_records_sum')).toBe(40);
    expect(value('flush_bytes_bucket', { le: '16384' })).toBe(1);
    expect(value('latency_seconds_count')).toBe(3);
    expect(value('latency_seconds_sum')).toBeCloseTo(90.3);
    expect(value('latency_seconds_bucket', { le: '+Inf' })).toBe(3);
  });

  it('say the lag of the partitions that this process has, and of no other', async () => {
    const { samples, listen } = metricsOf();
    const lags = async () =>
      (await samples()).flatMap(({ name, labels, value }) =>
        name === 'spindle_stream_lag_records' ? [`${labels['partition']}:${value}`] : [],
      );
    listen(LAKE, { type: 'assigned', partitions: [0, 1] });
    listen(LAKE, {
      type: 'lag',
      lag: new Map([
        [0, 5],
        [1, 7],
      ]),
    });
    expect(await lags()).toEqual(['0:5', '1:7']);
    listen(LAKE, { type: 'assigned', partitions: [1, 2] });
    expect(await lags()).toEqual(['1:7']);
    // The broker was asked before the partition was lost.
    listen(LAKE, {
      type: 'lag',
      lag: new Map([
        [0, 6],
        [1, 8],
      ]),
    });
    expect(await lags()).toEqual(['1:8']);
    listen(LAKE, {
      type: 'lag',
      lag: new Map([
        [1, 0],
        [2, 4],
      ]),
    });
    expect(await lags()).toEqual(['1:0', '2:4']);
    expect(valueOf(await samples(), 'spindle_stream_rebalances_total', asset)).toBe(2);
  });

  it('say what is interrupted, by asset and partition, until it goes on, is lost, or all begins anew', async () => {
    const { samples, listen, interrupted } = metricsOf();
    const up = async () => valueOf(await samples(), 'spindle_stream_up', asset);
    listen(LAKE, { type: 'assigned', partitions: [0, 1, 2] });
    for (const partition of [0, 1, 2]) listen(LAKE, refused(partition, `no room for ${partition}`));
    expect(interrupted()).toEqual({
      'lake/plays [0]': 'no room for 0',
      'lake/plays [1]': 'no room for 1',
      'lake/plays [2]': 'no room for 2',
    });
    expect(await up()).toBe(0);
    expect(valueOf(await samples(), 'spindle_stream_up', { asset: 'stream/plays' })).toBe(1);
    listen(LAKE, { type: 'resumed', partition: 0 });
    listen(LAKE, { type: 'assigned', partitions: [0, 2] });
    expect(Object.keys(interrupted())).toEqual(['lake/plays [2]']);
    listen(LAKE, refused());
    listen(LAKE, { type: 'resumed' });
    expect(interrupted()).toEqual({});
    expect(await up()).toBe(1);
    expect(valueOf(await samples(), 'spindle_stream_interruptions_total', { ...asset, code: 'LAKE_FULL' })).toBe(4);
  });

  it('show no secret', async () => {
    const { listen, interrupted, text } = metricsOf('hunter2-hunter2');
    listen(LAKE, refused(0, 'http://user:hunter2-hunter2@host refuses'));
    listen(LAKE, { type: 'interrupted', error: new Error('hunter2-hunter2'), delay: 1 });
    expect(JSON.stringify(interrupted())).not.toContain('hunter2');
    expect(await text()).not.toContain('hunter2');
  });

  it('make the summary of the process', async () => {
    const { listen, summary } = metricsOf();
    listen(LAKE, { type: 'assigned', partitions: [0, 1] });
    listen(LAKE, {
      type: 'lag',
      lag: new Map([
        [0, 5],
        [1, 7],
      ]),
    });
    listen(LAKE, flush());
    listen(LAKE, refused(1));
    expect(await summary()).toEqual([
      {
        asset: 'stream/plays',
        flushes: 0,
        records: 0,
        rejected: 0,
        bytes: 0,
        latency: { p50: null, p99: null },
        lag: 0,
        rebalances: 0,
        interruptions: 0,
      },
      {
        asset: LAKE,
        flushes: 1,
        records: 10,
        rejected: 1,
        bytes: 2_000,
        latency: { p50: 200, p99: 90_000 },
        lag: 12,
        rebalances: 1,
        interruptions: 1,
      },
    ]);
  });
});
