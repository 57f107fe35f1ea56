import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli, startCli, type CliProcess } from '../cli/run-cli.ts';
import { temporaryProject } from '../project/temporary-project.ts';

/** An asset that fires at once, and whose function works as long as there is a file called hold. */
const project = (factor: number) => `
import { asset, defineProject, eager, onCron, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
const slow = asset('raw/slow', { store: value(z.number()), automation: onCron('0 0 1 1 *') }).run(async (_, { signal }) => {
  appendFileSync('calls', 'call\\n');
  while (existsSync('hold')) await setTimeout(20, undefined, { signal });
  return 1;
});
const double = asset('gold/double', { store: value(z.number()), deps: { slow }, automation: eager() }).run(({ slow }) => slow * ${factor});
export const project = defineProject({
  name: 'temporary',
  assets: [slow, double],
  environments: { local: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
});
`;

interface LoggedRun {
  readonly run: string;
  readonly status: string;
  readonly selection: string;
}

function scene() {
  const { root, write } = temporaryProject({ 'src/project.ts': project(2), calls: '' });
  const daemons: { process: CliProcess; log: () => string }[] = [];
  onTestFinished(async () => {
    for (const { process } of daemons) process.child.kill('SIGKILL');
    await Promise.all(daemons.map(({ process }) => process.ended));
  });
  return {
    root,
    write,
    hold: (on: boolean) => (on ? writeFileSync(join(root, 'hold'), '') : rmSync(join(root, 'hold'))),
    calls: () => readFileSync(join(root, 'calls'), 'utf8').split('\n').length - 1,
    async runs() {
      const { stdout } = await runCli(root, ['runs', '--json']);
      return (JSON.parse(stdout) as readonly LoggedRun[]).toReversed().map(({ status, selection }) => `${selection} ${status}`);
    },
    start() {
      const process = startCli(root, ['daemon', '--interval', '100ms', '--no-color']);
      let text = '';
      process.child.stdout?.on('data', (part: string) => (text += part));
      daemons.push({ process, log: () => text });
      return {
        ...process,
        says: (words: string | RegExp) => vi.waitFor(() => expect(text).toMatch(words), { timeout: 30_000, interval: 20 }),
      };
    },
  };
}

const ready = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

describe('a daemon', () => {
  it('killed in the middle of a run leaves its place and its tick to the next one, which answers both', async () => {
    const { start, hold, calls, runs } = scene();
    hold(true);
    const first = start();
    await ready(() => expect(calls()).toBe(1));
    first.child.kill('SIGKILL');
    await first.ended;
    hold(false);
    const second = start();
    await second.says(/run {3}\S+ succeeded[^]*fire {2}gold\/double[^]*run {3}\S+ succeeded/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ exit: 0, signal: null });
    expect(calls()).toBe(2);
    expect(await runs()).toEqual(['raw/slow died', 'raw/slow succeeded', 'gold/double succeeded']);
    // Nothing is due any more: the tick of the first of January is answered.
    const third = start();
    await third.says('start daemon');
    third.child.kill('SIGINT');
    expect((await third.ended).exit).toBe(0);
    expect(calls()).toBe(2);
  });

  it('stopped in the middle of a run cancels it, ends with 0, and goes on with it when it is started again', async () => {
    const { start, hold, calls, runs, root } = scene();
    hold(true);
    const first = start();
    await ready(() => expect(calls()).toBe(1));
    const refused = await runCli(root, ['daemon', '--once']);
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining(`process ${first.child.pid} on `) });
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({
      exit: 0,
      signal: null,
      stdout: expect.stringMatching(/run {3}\S+ canceled[^]*stop {2}daemon/),
    });
    hold(false);
    expect((await runCli(root, ['daemon', '--once'])).exit).toBe(0);
    expect(await runs()).toEqual(['raw/slow canceled', 'raw/slow succeeded', 'gold/double succeeded']);
  });

  it('loads the project anew when its code changes, goes on after a mistake in it, and outlives a run that fails', async () => {
    const { start, write, runs } = scene();
    const daemon = start();
    await daemon.says(/fire {2}gold\/double[^]*run {3}\S+ succeeded/);
    write({ 'src/project.ts': 'export const project = ;' });
    await daemon.says(/error\[PROJECT_BUILD_FAILED\][^]*It is tried again in/);
    write({ 'src/project.ts': project(3).replace('slow * 3', "{ throw new Error('no such factor'); }") });
    await daemon.says(/the project changed: it is loaded anew[^]*no such factor/);
    write({ 'src/project.ts': project(4) });
    await daemon.says(/its code changed[^]*its code changed[^]*run {3}\S+ succeeded/);
    daemon.child.kill('SIGTERM');
    expect((await daemon.ended).exit).toBe(0);
    expect((await runs()).slice(1)).toEqual(['gold/double succeeded', 'gold/double failed', 'gold/double succeeded']);
  });
});
