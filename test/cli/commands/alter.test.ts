import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const source = (play: string, rows: string) => `
import { asset, defineProject, landed, landing, table, topic } from 'spindle';
import { duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Play = z.object(${play});
const plays = asset('stream/plays', { store: topic('plays', z.object({ id: z.int(), device: z.string(), city: z.string().optional() })) }).run(() => ${rows});
const landedPlays = asset('lake/plays', { store: landing('plays', Play), deps: { plays } }).run(({ plays }) => plays);
const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { landedPlays } }).run(
  ({ landedPlays }) => landedPlays,
);
const log = asset('log/devices', { store: table('log.devices', Play, { write: 'append' }) }).run(() => []);
export const project = defineProject({
  name: 'plays',
  assets: [plays, landedPlays, bronze, log],
  environments: { local: { broker: embeddedBroker(), lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

/** A project whose table holds one row. */
async function loadedProject() {
  const { root } = temporaryProject({ 'src/project.ts': source('{ id: z.int(), device: z.string() }', `[{ id: 1, device: 'tv' }]`) });
  const spindle = (...argv: string[]) => runCommand(root, argv);
  const made = await spindle('materialize');
  expect(made.exit, made.stdout + made.stderr).toBe(0);
  return {
    spindle,
    change: (play: string, rows: string) => writeFileSync(join(root, 'src/project.ts'), source(play, rows)),
    rows: async () =>
      JSON.parse(
        (
          await spindle(
            'query',
            'select * exclude (_recorded_at, _loaded_at, _object, _topic, _partition, _extra) from bronze.plays order by id',
            '--json',
          )
        ).stdout,
      ) as unknown,
  };
}

describe('a table of landed objects whose schema changed', () => {
  it('is altered by the next run, which keeps its rows, where the columns only grew', async () => {
    const { spindle, change, rows } = await loadedProject();
    change(`{ id: z.int(), device: z.string().optional(), city: z.string().optional() }`, `[{ id: 2, device: 'web', city: 'Oslo' }]`);
    const plan = await spindle('plan', '-s', 'bronze/plays');
    expect(plan.stdout).toContain('its schema with it: device string → string or null, city added (string or null)');
    expect(plan.stdout).not.toContain('--full-refresh');
    const run = await spindle('materialize', '-s', '+bronze/plays');
    expect(run.exit, run.stdout + run.stderr).toBe(0);
    expect(await rows()).toEqual([
      { id: 1, device: 'tv', _offset: 0, city: null },
      { id: 2, device: 'web', _offset: 1, city: 'Oslo' },
    ]);
    expect((await spindle('materialize', '-s', 'bronze/plays')).exit).toBe(0);
  });

  it('is refused by asset and column where they did not, says what to do, and is as it was; which then helps', async () => {
    const { spindle, change, rows } = await loadedProject();
    const before = await rows();
    change(`{ id: z.int() }`, `[{ id: 2, device: 'web' }]`);
    const refused = await spindle('materialize', '-s', '+bronze/plays');
    expect(refused.exit).toBe(1);
    expect(refused.stdout).toMatch(/error\[TABLE_NEEDS_REBUILD\] bronze\/plays: .*device removed/);
    expect(refused.stdout).toContain('Run: spindle materialize --select bronze/plays --full-refresh');
    expect(await rows()).toEqual(before);
    expect((await spindle('materialize', '--select', 'bronze/plays', '--full-refresh')).exit).toBe(0);
    expect(await rows()).toEqual([
      { id: 1, _offset: 0 },
      { id: 2, _offset: 1 },
    ]);
  });

  it('is refused where the values of another column changed beside a new one, though the warehouse keeps both alike', async () => {
    const { spindle, change, rows } = await loadedProject();
    const before = await rows();
    change(`{ id: z.int(), device: z.string().min(2), city: z.string().optional() }`, `[{ id: 2, device: 'web' }]`);
    const refused = await spindle('materialize', '-s', '+bronze/plays');
    expect(refused.exit).toBe(1);
    expect(refused.stdout).toMatch(
      /error\[TABLE_NEEDS_REBUILD\] bronze\/plays: .*device string → string \(#[0-9a-f]{6}\), city added \(string or null\)/,
    );
    expect(await rows()).toEqual(before);
  });

  it('is told from one whose rows a function added up: those have to be made again for a new column', async () => {
    const { spindle, change } = await loadedProject();
    change(`{ id: z.int(), device: z.string(), city: z.string().optional() }`, `[]`);
    const { exit, stdout } = await spindle('materialize', '-s', 'log/devices');
    expect(exit).toBe(1);
    expect(stdout).toContain('error[TABLE_NEEDS_REBUILD] log/devices: ');
  });
});
