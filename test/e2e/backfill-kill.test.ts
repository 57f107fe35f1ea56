import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../src/runtime/run/event.ts';
import { seededRandom } from '../../src/runtime/run/random.ts';
import { runCli, startCli } from '../cli/run-cli.ts';
import { daysProject } from '../cli/commands/days-project.ts';

const DAYS = 120;
const CONCURRENCY = 3;
const KILLS = 5;
const SELECTION = 'silver/days or gold/reports';
const REQUEST = ['backfill', '-s', SELECTION, '--from', '2026-01-01', '--to', '2026-04-30', '--now', '2026-06-01T00:00:00Z'];
const FORCED = [...REQUEST, '--force', '--concurrency', String(CONCURRENCY)];

/** How often each function was called for each partition. */
function callsIn(root: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const path = join(root, 'calls');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

describe('a backfill that is killed', () => {
  it('is resumed to its end, and makes nothing again but what was in work', async () => {
    const { root, calls } = daysProject(10);
    expect((await runCli(root, [...REQUEST, '--concurrency', '16'])).exit).toBe(0);
    expect(calls()).toHaveLength(2 * DAYS);

    const random = seededRandom(4, 'kills');
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = startCli(root, kill === 0 ? FORCED : ['runs', 'resume']);
      const enough = total(callsIn(root)) + 1 + Math.floor(random() * 60);
      await vi.waitFor(() => expect(total(callsIn(root))).toBeGreaterThanOrEqual(enough), { timeout: 60_000, interval: 2 });
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
    }
    const last = await runCli(root, ['runs', 'resume']);
    expect(last.exit, last.stdout + last.stderr).toBe(0);
    expect(last.stdout).toContain(`${2 * DAYS} partitions done, 0 failed, 0 skipped`);

    const counts = callsIn(root);
    expect(counts.size).toBe(2 * DAYS);
    expect(total(counts) - counts.size).toBeLessThanOrEqual(KILLS * CONCURRENCY);
    // By the log, each was made once by the run.
    const events = JSON.parse((await runCli(root, ['runs', 'logs', '--json'])).stdout) as readonly RunEvent[];
    const made = events.flatMap((event) => (event.type === 'asset.materialized' ? [`${event.asset} ${event.partition}`] : []));
    expect(made).toHaveLength(2 * DAYS);
    expect(new Set(made).size).toBe(2 * DAYS);
    expect(events.filter(({ type }) => type === 'run.started')).toHaveLength(KILLS + 1);
    const runs = JSON.parse((await runCli(root, ['runs', '--json'])).stdout) as readonly { readonly status: string }[];
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  it('is stopped cleanly by Ctrl-C, says how much is left and goes on from there', async () => {
    const { root } = daysProject(10);
    const { child, ended } = startCli(root, REQUEST);
    await vi.waitFor(() => expect(total(callsIn(root))).toBeGreaterThan(10), { timeout: 60_000, interval: 2 });
    child.kill('SIGINT');
    const { exit, stdout, stderr } = await ended;
    expect(exit, stderr).toBe(1);
    expect(stdout).toMatch(/the run was canceled: \d+ partitions were left/);
    expect(stderr).toMatch(/Or: spindle runs resume \w{8}/);
    const before = total(callsIn(root));
    const resumed = await runCli(root, ['runs', 'resume']);
    expect(resumed.exit, resumed.stderr).toBe(0);
    expect(callsIn(root).size).toBe(2 * DAYS);
    expect(total(callsIn(root))).toBeLessThanOrEqual(2 * DAYS + 4);
    expect(before).toBeLessThan(DAYS);
  });

  it('refuses to resume a run that still runs', async () => {
    const { root } = daysProject(50);
    const { child, ended } = startCli(root, REQUEST);
    await vi.waitFor(() => expect(total(callsIn(root))).toBeGreaterThan(0), { timeout: 60_000, interval: 10 });
    const [run] = JSON.parse((await runCli(root, ['runs', '--json'])).stdout) as readonly [{ readonly run: string }];
    const refused = await runCli(root, ['runs', 'resume', run.run]);
    expect(refused.stderr).toContain(`is still running, in process ${child.pid}`);
    expect(refused.exit).toBe(2);
    child.kill('SIGKILL');
    await ended;
  });
});
