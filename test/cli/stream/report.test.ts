import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.ts';
import { createRedactor } from '../../../src/cli/redact.ts';
import { createStreamReport } from '../../../src/cli/stream/report.ts';
import { SpindleError } from '../../../src/runtime/errors.ts';
import type { Flush, StreamNotice } from '../../../src/runtime/stream/notice.ts';

const LAKE = 'lake/plays';

const flush = (fields: Partial<Flush> = {}): Flush => ({
  type: 'flushed',
  version: 'v',
  inputs: {},
  records: 1_000,
  rejected: 0,
  bytes: 2_000,
  latencies: [100, 200],
  milliseconds: 5,
  ...fields,
});

const summary = [
  {
    asset: LAKE,
    flushes: 1,
    records: 10,
    rejected: 1,
    bytes: 2_000,
    latency: { p50: 200, p99: null },
    lag: 12,
    rebalances: 1,
    interruptions: 1,
  },
];

const everything: readonly StreamNotice[] = [
  { type: 'assigned', partitions: [0, 1] },
  {
    type: 'lag',
    lag: new Map([
      [0, 5],
      [1, 7],
    ]),
  },
  flush(),
  flush({ records: 0 }),
  { type: 'interrupted', partition: 1, error: new SpindleError('LAKE_FULL', 'no room\nat hunter2-hunter2'), delay: 500 },
  { type: 'resumed', partition: 1 },
  { type: 'interrupted', error: new Error('a defect'), delay: 1_000 },
  { type: 'resumed' },
  { type: 'waiting', holder: '12345678-0000' },
  { type: 'idle' },
];

function reportOf(json: boolean) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const redactor = createRedactor();
  redactor.add(['hunter2-hunter2']);
  const output = createOutput({ stdout: stdout as never, stderr: stderr as never }, {}, true);
  const report = createStreamReport({ output, redactor, json, assets: [LAKE] });
  return { report, stdout: () => String(stdout.read() ?? ''), stderr: () => String(stderr.read() ?? '') };
}

afterEach(() => vi.useRealTimers());

describe('the log of a stream', () => {
  it('has a line for each thing that happens, and for each asset one every ten seconds', () => {
    vi.useFakeTimers();
    const { report, stdout } = reportOf(false);
    report.started('production');
    for (const notice of everything) report.listen(LAKE, notice);
    report.listen(LAKE, flush({ rejected: 3 }));
    vi.advanceTimersByTime(10_000);
    report.stopped(summary);
    const lines = stdout()
      .split('\n')
      .map((line) => line.replace(/^\S+Z {2}/, ''));
    expect(lines).toEqual([
      'start lake/plays in the environment production. Ctrl-C ends it in order.',
      'have  lake/plays: partitions 0, 1',
      'stop  lake/plays [1]: error[LAKE_FULL]: no room',
      '    at ***',
      '    It is tried again in 500 ms.',
      'go on lake/plays [1]',
      expect.stringMatching(/^stop {2}lake\/plays: error\[INTERNAL\]: a defect$/),
      ...lines.slice(7, lines.indexOf('    It is tried again in 1.0 s.')),
      '    It is tried again in 1.0 s.',
      'go on lake/plays',
      'wait  lake/plays is kept running by run 12345678: its place is taken when that ends',
      'lake/plays  200 records/s, lag 12, p99 200 ms, 3 set aside',
      'stop',
      expect.stringMatching(/^asset +records +set aside +bytes +flushes +p50 +p99 +rebalances +interruptions$/),
      expect.stringMatching(/^lake\/plays +10 +1 +2\.0 KiB +1 +200 ms +- +1 +1$/),
      '',
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is with --json an object a line, to the last one, also where it fails', () => {
    vi.useFakeTimers();
    const { report, stdout, stderr } = reportOf(true);
    report.started('production');
    for (const notice of everything) report.listen(LAKE, notice);
    expect(report.failed(new SpindleError('LAKE_FULL', 'no room at hunter2-hunter2', { remedy: 'Make room.' }))).toBe(1);
    report.stopped(summary);
    const text = stdout();
    expect(text).not.toContain('hunter2');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines.map(({ type }) => type)).toEqual([
      'started',
      'assigned',
      'flushed',
      'interrupted',
      'resumed',
      'interrupted',
      'resumed',
      'waiting',
      'failed',
      'stopped',
    ]);
    expect(lines.every(({ at }) => typeof at === 'string')).toBe(true);
    expect(lines[2]).toMatchObject({ asset: LAKE, records: 1_000, latency: { p50: 200, p99: 200 } });
    expect(lines[3]).toMatchObject({ partition: 1, delay: 500, error: { code: 'LAKE_FULL', message: 'no room\nat ***' } });
    expect(lines[8]).toMatchObject({ error: { code: 'LAKE_FULL', remedy: 'Make room.' } });
    expect(lines[9]).toMatchObject({ assets: summary });
    expect(stderr()).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes any number of latencies', () => {
    vi.useFakeTimers();
    const { report, stdout } = reportOf(false);
    report.listen(LAKE, flush({ latencies: Array.from({ length: 1_000_000 }, () => 1) }));
    vi.advanceTimersByTime(10_000);
    report.stopped([]);
    expect(stdout()).toContain('p99 1 ms');
  });

  it('ends with 2 where the mistake is in what was typed, and says it on standard error', () => {
    const { report, stderr } = reportOf(false);
    expect(report.failed(new SpindleError('CONFIG_INVALID', 'no such thing as hunter2-hunter2'))).toBe(2);
    report.stopped([]);
    expect(stderr()).toBe('error[CONFIG_INVALID]: no such thing as ***\n');
  });
});
