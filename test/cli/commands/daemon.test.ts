import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const PROJECT = `
import { asset, check, defineProject, eager, job, onCron, onMissing, onUpdate, overdue, partitions, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Count = () => value(z.object({ n: z.number() }));
const root = asset('raw/root', { store: Count(), automation: onCron('0 * * * *'), freshness: { within: '90m' } }).run((_, { now }) => ({ n: now().getUTCHours() }));
const sums = asset('gold/sums', { store: Count(), deps: { root }, automation: eager() }).run(({ root }) => ({ n: root.n + 1 }));
const parity = asset('gold/parity', { store: Count(), deps: { sums }, automation: eager() }).run(({ sums }) => ({ n: sums.n % 2 }));
const mail = asset('mail/parity', { store: Count(), automation: onUpdate(parity) }).run(() => ({ n: 1 }));
const rates = asset('raw/rates', { store: Count(), automation: overdue(), freshness: { within: '1d' } }).run(() => ({ n: 1 }));
const days = asset('days/sales', { store: Count(), partitions: partitions.daily({ start: '2026-01-01' }), automation: onMissing() }).run((_, { partition }) => {
  if (partition.key === '2026-01-02') throw new Error('no such day');
  return { n: 1 };
});
const plain = asset('plain/report', { store: Count() }).run(() => ({ n: 1 }));
const broken = check(plain, 'is two').run(({ n }) => ({ passed: n === 2 }));
export const project = defineProject({
  name: 'temporary',
  assets: [root, sums, parity, mail, rates, days, plain],
  checks: [broken],
  jobs: [job('nightly', { select: 'plain/report', automation: onCron('0 3 * * *', { timezone: 'Europe/Berlin' }), tags: ['night'] })],
  environments: { local: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`;

/** Two sources: one that changes with a file, one that is another one each time. */
const OBSERVED = `
import { asset, defineProject, eager, source } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
import { readFileSync } from 'node:fs';
let asked = 0;
const model = source('model', { observe: () => readFileSync(new URL('../version', import.meta.url), 'utf8') });
const noise = source('noise', { observe: () => String(asked++) });
const reader = asset('reader', { deps: { model }, automation: eager() }).run(() => 1);
const restless = asset('restless', { deps: { noise }, automation: eager() }).run(() => 1);
export const project = defineProject({
  name: 'temporary',
  assets: [model, noise, reader, restless],
  environments: { local: { runStore: sqliteRunStore() } },
});
`;

/** One of its two assets has a store that cannot be opened. */
const HALF = `
import { asset, defineProject, onCron, value } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const broken = asset('broken', { store: value(z.number()), automation: onCron('0 * * * *') }).run(() => 1);
const works = asset('works', { automation: onCron('0 * * * *') }).run(() => 1);
export const project = defineProject({
  name: 'temporary',
  assets: [broken, works],
  environments: { local: { lake: { open: async () => { throw new Error('no lake'); } }, runStore: sqliteRunStore() } },
});
`;

/** A source that cannot be asked, and a schedule that has nothing to do with it. */
const DOWN = `
import { asset, defineProject, eager, onCron, source } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
const down = source('down', { observe: () => { throw new Error('no answer'); } });
const reader = asset('reader', { deps: { down }, automation: eager() }).run(() => 1);
const hourly = asset('hourly', { automation: onCron('0 * * * *') }).run(() => 1);
export const project = defineProject({ name: 'temporary', assets: [down, reader, hourly], environments: { local: { runStore: sqliteRunStore() } } });
`;

interface Line {
  readonly type: string;
  readonly subject?: string;
  readonly asset?: string;
  readonly partitions?: readonly string[];
  readonly status?: string;
}

function scene() {
  const { root } = temporaryProject({ 'src/project.ts': PROJECT });
  const say = (...args: string[]) => runCommand(root, args);
  return {
    root,
    say,
    async once(now: string, ...args: string[]) {
      const { exit, stdout, stderr } = await say('daemon', '--once', '--json', '--now', now, ...args);
      const lines = stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
      return { exit, stderr, lines, fired: lines.flatMap(({ subject }) => subject ?? []) };
    },
  };
}

describe('spindle daemon --once', () => {
  it('answers all that fires, chains from their beginning, and nothing twice', async () => {
    const { once, say } = scene();
    const first = await once('2026-01-04T10:30:00Z');
    expect(first.fired.slice(0, 4).toSorted()).toEqual(['days/sales', 'job:nightly', 'raw/rates', 'raw/root']);
    expect(first.fired.slice(4)).toEqual(['gold/sums', 'gold/parity', 'mail/parity']);
    expect(first.lines.find(({ subject }) => subject === 'days/sales')?.partitions).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    expect(first.exit).toBe(1); // a check failed, and a partition
    expect((await once('2026-01-04T10:30:00Z')).lines).toEqual([]);

    // Two hours later two ticks were missed: they are answered once. The parity is asked again and the same, so nothing behind it runs.
    const later = await once('2026-01-04T12:30:00Z');
    expect(later.fired).toEqual(['raw/root', 'gold/sums', 'gold/parity']);
    expect(later.exit).toBe(0);
    const tagged = JSON.parse((await say('runs', '--tag', 'night', '--json')).stdout) as readonly {
      selection: string;
      tags: readonly string[];
    }[];
    expect(tagged).toMatchObject([{ selection: 'plain/report', tags: ['night'] }]);
  });

  it('makes anew what is overdue, though nothing that it reads changed, and warns of what stays so', async () => {
    const { once } = scene();
    await once('2026-01-04T10:30:00Z', '-s', 'raw/rates');
    expect((await once('2026-01-05T10:29:00Z', '-s', 'raw/rates')).fired).toEqual([]);
    expect((await once('2026-01-05T10:31:00Z', '-s', 'raw/rates')).lines).toMatchObject([
      { type: 'fired', subject: 'raw/rates' },
      { type: 'run', status: 'succeeded', assets: [{ asset: 'raw/rates', result: 'materialized' }] },
    ]);
    expect((await once('2026-01-05T10:31:00Z', '-s', 'raw/rates')).lines).toEqual([]);
    expect((await once('2026-01-05T10:31:00Z', '--job', 'nightly')).fired).toEqual(['job:nightly']);
    const { lines } = await once('2026-01-07T00:00:00Z', '--job', 'nightly');
    expect(lines.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it('does not try a partition again that failed, while others fire', async () => {
    const { once } = scene();
    await once('2026-01-04T10:30:00Z', '-s', 'days/sales');
    const { lines } = await once('2026-01-05T10:30:00Z', '-s', 'days/sales');
    expect(lines).toMatchObject([
      { type: 'fired', subject: 'days/sales', partitions: ['2026-01-04'] },
      { type: 'run', status: 'succeeded' },
    ]);
  });

  it('observes what nobody here writes, and ends also where that changes each time that it is asked', async () => {
    const { root, write } = temporaryProject({ 'src/project.ts': OBSERVED, version: 'one' });
    const fired = async (now: string) => {
      const { stdout } = await runCommand(root, ['daemon', '--once', '--json', '--now', now]);
      return stdout
        .split('\n')
        .filter(Boolean)
        .flatMap((line) => (JSON.parse(line) as Line).subject ?? []);
    };
    expect((await fired('2026-01-04T10:30:00Z')).filter((subject) => subject === 'reader')).toEqual(['reader']);
    expect(await fired('2026-01-04T10:31:00Z')).not.toContain('reader');
    write({ version: 'two' });
    const again = await fired('2026-01-04T10:32:00Z');
    expect(again).toContain('reader');
    expect(again.filter((subject) => subject === 'restless').length).toBeLessThanOrEqual(3);
  });

  it('starts what it can where one run cannot be, and tries that again later', async () => {
    const { root } = temporaryProject({ 'src/project.ts': HALF });
    const once = (now: string) => runCommand(root, ['daemon', '--once', '--now', now]);
    const first = await once('2026-01-04T10:30:00Z');
    expect(first.exit).toBe(1);
    expect(first.stdout).toMatch(/error\[INTERNAL\].*no lake[^]*It is tried again in 1\.0 s\./);
    expect(first.stdout).toMatch(/fire {2}works[^]*succeeded: 1 materialized/);
    const second = await once('2026-01-04T10:31:00Z');
    expect(second.stdout).toContain('fire  broken');
    expect(second.stdout).not.toContain('fire  works');
  });

  it('follows schedules also while a store that other conditions ask gives no answer', async () => {
    const { root } = temporaryProject({ 'src/project.ts': DOWN });
    const { exit, stdout } = await runCommand(root, ['daemon', '--once', '--now', '2026-01-05T10:10:00Z', '--json']);
    expect(exit).toBe(1);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines).toMatchObject([
      { type: 'error', error: { asset: 'down' }, delay: 1_000 },
      { type: 'fired', subject: 'hourly' },
      { type: 'run', status: 'succeeded' },
    ]);
  });

  it('is refused while another daemon follows the run store, and says which', async () => {
    const { root, once, say } = scene();
    await once('2026-01-04T10:30:00Z', '-s', 'raw/rates');
    const store = await openSqliteRunStore({ path: join(root, '.spindle/local/runs.db'), faults: noFaults });
    await store.claim({ name: '@daemon', part: '', whole: true, run: 'daemon 2026-01-04T09:00:00.000Z x', process: '41+7+elsewhere' });
    const refused = await say('daemon', '--once', '--now', '2026-01-04T10:30:00Z');
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain(
      'error[DAEMON_RUNNING]: A daemon follows the schedules of this run store already: process 41 on elsewhere, since 2026-01-04T09:00:00.000Z.',
    );
    expect(refused.stderr).toContain('--take-over');
    expect((await say('daemon', '--once', '--take-over', '-s', 'raw/rates', '--now', '2026-01-04T10:30:00Z')).exit).toBe(0);
    expect((await say('daemon', '--once', '-s', 'raw/rates', '--now', '2026-01-04T10:30:00Z')).exit).toBe(0);
    await store.close();
  });

  it('is refused where a clock that stands still would never tick', async () => {
    const { exit, stderr } = await scene().say('daemon', '--now', '2026-01-04T10:30:00Z');
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('Add --once') });
  });

  it('refuses a job, a selection and an interval that do not exist before it begins', async () => {
    const { say } = scene();
    expect(await say('daemon', '--job', 'nightlyy')).toMatchObject({ exit: 2, stderr: expect.stringContaining('Did you mean nightly?') });
    expect(await say('daemon', '-s', 'raw/roots')).toMatchObject({ exit: 2, stderr: expect.stringContaining('raw/root') });
    expect(await say('daemon', '--interval', 'soon')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--interval takes a duration'),
    });
  });
});

describe('spindle explain --automation', () => {
  it('tells the condition, each of its parts, the last firing and the next ticks', async () => {
    const { say, once } = scene();
    const before = await say('explain', 'gold/sums', '--automation', '--now', '2026-01-04T10:30:00Z');
    expect(before.stdout).toContain(
      'gold/sums fires when it is stale.\nIt does not fire now: it was never materialized, but raw/root runs first.',
    );
    await once('2026-01-04T10:30:00Z');
    const after = await say('explain', 'raw/root', '--automation', '--now', '2026-01-04T10:40:00Z');
    expect(after.stdout).toContain(
      'raw/root fires when "0 * * * *" (UTC) ticks.\nIt does not fire now: the tick 2026-01-04T10:00Z of "0 * * * *" (UTC) is handled.',
    );
    expect(after.stdout).toMatch(
      /^last fired {2}2026-01-04T10:30:00\.000Z by run \S+: the tick 2026-01-04T10:00Z of "0 \* \* \* \*" \(UTC\) is due$/m,
    );
    expect(after.stdout).toContain('next ticks  2026-01-04T11:00:00.000Z, 2026-01-04T12:00:00.000Z, 2026-01-04T13:00:00.000Z');
    expect(after.stdout).toContain('freshness   it is on time until 2026-01-04T12:00:00.000Z (within 90m)');
    const offline = await say('explain', 'raw/root', '--automation', '--offline', '--json', '--now', '2026-01-04T11:00:00Z');
    expect(JSON.parse(offline.stdout)).toMatchObject({
      subject: 'raw/root',
      fires: true,
      verdict: { kind: 'cron', fires: true },
      lastFired: { at: '2026-01-04T10:30:00.000Z' },
    });
  });

  it('tells it of a job, of an asset that only jobs run, and of a partition', async () => {
    const { say, once } = scene();
    expect((await say('explain', '--job', 'nightly', '--now', '2026-01-04T10:30:00Z')).stdout).toContain(
      'job:nightly fires when "0 3 * * *" (Europe/Berlin) ticks.\nIt fires now: the tick 2026-01-04T02:00Z of "0 3 * * *" (Europe/Berlin) is due.',
    );
    expect((await say('explain', 'plain/report', '--automation')).stdout).toContain(
      'plain/report has no condition: nothing fires it by itself.\n\njob         nightly selects it, and fires when "0 3 * * *" (Europe/Berlin) ticks',
    );
    await once('2026-01-04T10:30:00Z');
    expect((await say('explain', 'days/sales', '--automation', '-p', '2026-01-02', '--now', '2026-01-04T10:31:00Z')).stdout).toContain(
      'it was never materialized, but the run of 2026-01-04T10:30Z did not change that: it waits for other code, config or inputs',
    );
    expect(await say('explain', '--automation')).toMatchObject({ exit: 2 });
    expect(await say('explain')).toMatchObject({ exit: 2 });
  });
});

describe('a selection by status', () => {
  it('knows what is overdue', async () => {
    const { say, once } = scene();
    await once('2026-01-04T10:30:00Z');
    expect((await say('plan', '-s', 'overdue', '--now', '2026-01-04T11:00:00Z')).stdout).toContain('No asset answers to "overdue" now.');
    expect((await say('plan', '-s', 'overdue', '--now', '2026-01-04T12:30:00Z')).stdout).toMatch(
      /^raw\/root +run .*; overdue since 2026-01-04T12:00:00\.000Z$/m,
    );
    expect((await say('explain', 'raw/root', '--now', '2026-01-04T12:30:00Z')).stdout).toContain(
      'raw/root is overdue since 2026-01-04T12:00:00.000Z (within 90m).',
    );
    expect((await say('list', '-s', 'overdue')).stdout).toMatch(/^raw\/root +value +"0 \* \* \* \*" \(UTC\) ticks$/m);
  });
});
