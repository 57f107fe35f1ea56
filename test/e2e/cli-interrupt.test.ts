import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCli, startCli } from '../cli/run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const EVENTS = 20_000;
const RUN = [
  'materialize',
  '-s',
  '+bronze/listening_events',
  '--now',
  '2026-06-10T12:00:00Z',
  '--config',
  `stream/listening_events.events=${EVENTS}`,
];

/** Bytes of the files of a folder and below. */
function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

describe('Ctrl-C', () => {
  it('stops a run in the middle of producing; the next one goes on, and every event is there once', async () => {
    const state = mkdtempSync(join(tmpdir(), 'spindle-interrupt-'));
    onTestFinished(() => rmSync(state, { recursive: true, force: true }));
    const env = { SPINDLE_STATE: state };
    // Without the interrupt this would take ten seconds and more.
    const { child, ended } = startCli(ROOT, [...RUN, '--config', 'stream/listening_events.rate=2000'], env);
    await vi.waitFor(() => expect(bytesIn(join(state, 'local/broker/topics/listening_events'))).toBeGreaterThan(100_000), {
      timeout: 60_000,
      interval: 50,
    });
    child.kill('SIGINT');
    const { exit, stdout, stderr } = await ended;
    expect({ exit, signal: child.signalCode }, stderr).toEqual({ exit: 1, signal: null });
    expect(stderr).toContain('Stopping. Press Ctrl-C again to quit at once.');
    expect(stderr).toContain('Stopped. Run the same command again: it goes on where this run stopped.');
    expect(stdout).toMatch(/^run \S+ canceled: 2 materialized, 0 fresh, 3 skipped, 0 failed/m);

    const again = await runCli(ROOT, RUN, env);
    expect(again.exit, again.stderr).toBe(0);
    const query = async (sql: string) => JSON.parse((await runCli(ROOT, ['query', sql, '--json'], env)).stdout) as unknown;
    const records = `select _partition as "partition", _offset as "offset" from bronze.listening_events union all select "partition", "offset" from bronze.dead_letters`;
    expect(await query(`select count(*) as records, count(distinct ("partition", "offset")) as places from (${records})`)).toEqual([
      { records: EVENTS, places: EVENTS },
    ]);
    const runs = JSON.parse((await runCli(ROOT, ['runs', '--json'], env)).stdout) as readonly { status: string }[];
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'canceled']);
    // The second run did not begin anew: the first had produced a good part.
    const logs = JSON.parse((await runCli(ROOT, ['runs', 'logs', '--json'], env)).stdout) as readonly {
      readonly type: string;
      readonly asset?: string;
      readonly rows?: number;
    }[];
    const produced = logs.find(({ type, asset }) => type === 'asset.materialized' && asset === 'stream/listening_events')?.rows ?? 0;
    expect(produced).toBeGreaterThan(0);
    expect(produced).toBeLessThan(EVENTS);
  });
});
