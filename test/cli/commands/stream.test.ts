import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { landedPlaces } from '../../runtime/landing/plays.ts';
import { startCli, type CliProcess } from '../run-cli.ts';
import { runCommand } from '../run-command.ts';
import { parsePrometheus, valueOf } from '../stream/prometheus-text.ts';
import { STREAMS } from '../stream/streams-project.ts';

vi.setConfig({ testTimeout: 90_000 });

interface Line {
  readonly at: string;
  readonly type: string;
  readonly asset?: string;
  readonly records?: number;
  readonly [field: string]: unknown;
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** What a process has printed so far, and how it ends. */
function watch(process: CliProcess) {
  let stdout = '';
  let stderr = '';
  process.child.stdout?.on('data', (text: string) => (stdout += text));
  process.child.stderr?.on('data', (text: string) => (stderr += text));
  return {
    ...process,
    /** What it printed up to where it says this. */
    async says(words: string | RegExp): Promise<string> {
      await vi.waitFor(() => expect(stdout + stderr).toMatch(words), { timeout: 30_000, interval: 20 });
      return stdout + stderr;
    },
  };
}

function scene() {
  const { root } = temporaryProject({ 'src/project.ts': STREAMS });
  const start = (...args: readonly string[]) => watch(startCli(root, ['stream', ...args], { PASSWORD: 'hunter2-hunter2' }));
  const say = (...args: string[]) => runCommand(root, args, { PASSWORD: 'hunter2-hunter2' });
  /** Of every record of the lake, in order. */
  const landed = async () =>
    landedPlaces(await openFileSystemStore({ directory: join(root, '.spindle/local/lake'), faults: noFaults }), 'plays');
  return { root, start, say, landed };
}

/** Whether what is landed of each partition begins at zero and has each record once. */
function expectWhole(places: readonly string[]): void {
  for (const partition of ['0', '1']) {
    const offsets = places.flatMap((place) => (place.startsWith(`${partition}:`) ? [Number(place.slice(2))] : []));
    expect(offsets.toSorted((a, b) => a - b)).toEqual(offsets.map((_, offset) => offset));
  }
}

describe('spindle stream', () => {
  it('keeps topics and landings running until SIGTERM, then lands what was read, and ends with 0', async () => {
    const { start, say, landed } = scene();
    const { child, ended, says } = start('stream/plays or lake/plays', '--json');
    await says('"type":"flushed","asset":"stream/plays"');
    await vi.waitFor(async () => expect((await landed()).length).toBeGreaterThan(100), { timeout: 20_000 });
    child.kill('SIGTERM');
    const { exit, stdout, stderr } = await ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/Stopping\.\n$/) });
    const lines = linesOf(stdout);
    expect(lines[0]).toMatchObject({ type: 'started', environment: 'local', assets: ['stream/plays', 'lake/plays'] });
    expect(lines.at(-1)).toMatchObject({ type: 'stopped' });
    const places = await landed();
    expectWhole(places);
    const written = (key: string) =>
      lines.reduce((sum, { type, asset, records = 0 }) => sum + (type === 'flushed' && asset === key ? records : 0), 0);
    expect(written('lake/plays')).toBe(places.length);
    expect(written('stream/plays')).toBeGreaterThanOrEqual(places.length);
    // Nothing is left behind: another process has the broker, and finds what is not landed yet.
    expect((await say('materialize', '-s', 'lake/plays')).exit).toBe(0);
    const all = await landed();
    expectWhole(all);
    expect(all.length).toBe(written('stream/plays'));
    const runs = JSON.parse((await say('runs', '--tag', 'stream', '--json')).stdout) as readonly unknown[];
    expect(runs).toMatchObject([{ status: 'succeeded', selection: 'stream/plays or lake/plays' }]);
  });

  it('goes on after a kill in the middle, with each record once', async () => {
    const { start, say, landed } = scene();
    for (let round = 0; round < 2; round++) {
      const before = (await landed()).length;
      const { child, ended } = start('stream/plays or lake/plays', '--json');
      await vi.waitFor(async () => expect((await landed()).length).toBeGreaterThan(before + 50), { timeout: 20_000 });
      child.kill('SIGKILL');
      await ended;
    }
    expect((await say('materialize', '-s', 'lake/plays')).exit).toBe(0);
    expectWhole(await landed());
    expect((await say('runs', '--tag', 'stream')).stdout).toContain('died');
  });

  it('stands by where another process produces, takes its place when that one dies, and goes on behind its last record', async () => {
    const { start, say, landed } = scene();
    const first = start('stream/plays', '--json');
    await first.says('"type":"started"');
    const second = start('stream/plays', '--json');
    await second.says('"type":"waiting","asset":"stream/plays","holder"');
    await first.says('"type":"flushed"');
    first.child.kill('SIGKILL');
    await second.says('"type":"flushed"');
    second.child.kill('SIGTERM');
    const { exit, stdout } = await second.ended;
    expect(exit).toBe(0);
    expect((await say('materialize', '-s', 'lake/plays')).exit).toBe(0);
    const places = await landed();
    expectWhole(places);
    const made = linesOf(stdout).reduce((sum, { records = 0 }) => sum + records, 0);
    expect(places.length).toBeGreaterThan(made);
  });

  it('ends after --for, though a source heeds nothing', async () => {
    const { start } = scene();
    const { ended } = start('stream/stubborn', '--for', '1s');
    const { exit, stdout, stderr } = await ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^stream\/stubborn +1 /m);
  });

  it('serves metrics and health while it runs, and stops doing so', async () => {
    const { start } = scene();
    const { child, ended, says } = start('stream/plays or lake/plays or stream/failing', '--metrics', '127.0.0.1:0', '--json');
    await says(/Metrics: http:\/\/127\.0\.0\.1:\d+\/metrics/);
    await says('"type":"interrupted","asset":"stream/failing"');
    const text = await says(/"asset":"lake\/plays".*"rejected":[1-9]/);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';
    const samples = parsePrometheus(await (await fetch(`${url}/metrics`)).text());
    expect(valueOf(samples, 'spindle_stream_records_total', { asset: 'lake/plays' })).toBeGreaterThan(0);
    expect(valueOf(samples, 'spindle_stream_rejected_records_total', { asset: 'lake/plays' })).toBeGreaterThan(0);
    expect(valueOf(samples, 'spindle_stream_up', { asset: 'stream/plays' })).toBe(1);
    expect(valueOf(samples, 'spindle_stream_up', { asset: 'stream/failing' })).toBe(0);
    const health = await fetch(`${url}/healthz`);
    expect([health.status, await health.json()]).toEqual([
      503,
      {
        ok: false,
        interrupted: { 'stream/failing': expect.stringMatching(/^Error: cannot reach http:\/\/user:\*\*\*@host \(at .*project\.ts:/) },
      },
    ]);
    child.kill('SIGTERM');
    const outcome = await ended;
    expect(outcome.exit).toBe(0);
    expect(outcome.stdout + outcome.stderr).not.toContain('hunter2');
    expect(linesOf(outcome.stdout).find(({ type, asset }) => type === 'interrupted' && asset === 'stream/failing')).toMatchObject({
      error: { code: 'ASSET_FAILED', asset: 'stream/failing', remedy: expect.stringContaining('Correct the function') },
    });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('tells how the streams come along, also while one has the broker', async () => {
    const { start, say } = scene();
    const { child, ended, says } = start('stream/plays or lake/plays', '--json');
    await says('"type":"flushed","asset":"lake/plays"');
    const running = await say('stream', 'status', '--json');
    expect({ exit: running.exit, stderr: running.stderr }).toEqual({
      exit: 0,
      stderr: expect.stringMatching(/^Lag is what the last flushes told: the embedded broker .* belongs to process \d+ /),
    });
    const status = JSON.parse(running.stdout) as {
      readonly running: number;
      readonly assets: readonly Readonly<Record<string, unknown>>[];
    };
    expect(status).toMatchObject({ running: 1 });
    expect(status.assets.find(({ asset }) => asset === 'lake/plays')).toMatchObject({
      processes: 1,
      flushes: expect.any(Number),
      bytesIn: expect.any(Number),
      totalLag: expect.any(Number),
      lag: [],
    });
    child.kill('SIGTERM');
    await ended;
    const { stdout, exit } = await say('stream', 'status', 'lake/plays');
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^asset +processes +records\/s +in +out +set aside +flushes +records each +p50 +p99 +lag +rebalances +last flush$/m,
    );
    expect(stdout).toMatch(/^lake\/plays +0 +\d+\.\d +[\d.]+ \w+ +[\d.]+ \w+ +\d+ +\d+ /m);
    expect(stdout).toMatch(/^lake\/plays +plays +1 +1 +\d+ +\d+ +\d+$/m);
    expect(stdout).toContain('No stream runs.');
  });
});

describe('spindle stream, asked for what it cannot do', () => {
  it('refuses a selection of nothing that can be kept running, and names what can', async () => {
    const { say } = scene();
    expect(await say('stream', 'gold/report')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/Those of the project are .*stream\/plays, lake\/plays/),
    });
    expect(await say('stream', 'stream/play')).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[') });
  });

  it('refuses no selection, a word too many, and numbers that are none', async () => {
    const { say } = scene();
    expect(await say('stream')).toMatchObject({ exit: 2, stderr: expect.stringContaining("spindle stream 'lake/*'") });
    expect(await say('stream', 'stream/plays', 'lake/plays')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("spindle stream 'stream/plays or lake/plays'"),
    });
    expect(await say('stream', 'stream/plays', '--rate', '0')).toMatchObject({ exit: 2, stderr: expect.stringContaining('--rate') });
    expect(await say('stream', 'stream/plays', '--for', 'ever')).toMatchObject({ exit: 2, stderr: expect.stringContaining('--for') });
    expect(await say('stream', 'stream/plays', '--metrics', '9464')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('127.0.0.1:9464'),
    });
  });

  it('refuses a port that is taken before it makes anything, and ends', async () => {
    const { start, say } = scene();
    const first = start('stream/plays', '--metrics', '127.0.0.1:0');
    const port = /:(\d+)\/metrics/.exec(await first.says(/Metrics: /))?.[1] ?? '';
    const other = scene();
    const refused = await other.start('stream/plays', '--metrics', `127.0.0.1:${port}`).ended;
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining(`Metrics cannot be served at 127.0.0.1:${port}`) });
    expect(JSON.parse((await other.say('runs', '--json')).stdout)).toEqual([]);
    first.child.kill('SIGTERM');
    expect((await first.ended).exit).toBe(0);
    expect((await say('runs')).exit).toBe(0);
  });
});
