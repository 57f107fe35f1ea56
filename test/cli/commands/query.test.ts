import { describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { playsProject, storedPlays } from './stored-plays.ts';

describe('spindle query', () => {
  it('shows tables, the rows of one by its name or its asset, and rows of SQL', async () => {
    const { root } = await storedPlays();
    const query = async (...args: string[]) => (await runCommand(root, ['query', ...args])).stdout.trimEnd().split('\n');
    expect(await query()).toEqual([
      'name                 kind   rows',
      'bronze.dead_letters  table     0',
      'bronze.plays         table     4',
      'gold.songs           table     3',
    ]);
    const top = ['song    plays', 'song 0      2', 'song 1      1'];
    expect(await query('gold.songs', '--order', 'plays desc, song', '--limit', '2')).toEqual(top);
    expect(await query('gold/songs', '--order', 'plays DESC, song asc', '-n', '2')).toEqual(top);
    expect(await query('GOLD.songs', '-n', '1', '--order', 'song desc')).toEqual(['song    plays', 'song 2      1']);
    expect(await query('select 1 as n, null as nothing, [1, 2] as list')).toEqual(['n  nothing  list', '1           [1,2]']);
    expect(await query('select song from gold.songs where plays > 9')).toEqual(['No rows.']);
    expect(JSON.parse((await runCommand(root, ['query', 'gold.songs', '--order', 'song', '-n', '1', '--json'])).stdout)).toEqual([
      { song: 'song 0', plays: 2 },
    ]);
  });

  it('suggests a table where there is none of the name, and says which asset would write one that is not there yet', async () => {
    const { root } = playsProject();
    const failure = async (...args: string[]) => {
      const { exit, stdout } = await runCommand(root, ['query', ...args, '--json']);
      return { exit, ...(JSON.parse(stdout) as { error: { code: string; message: string; remedy: string } }).error };
    };
    const unknown = { exit: 2, code: 'TABLE_UNKNOWN' };
    expect(await failure()).toMatchObject({ ...unknown, message: 'The warehouse has no tables yet.', remedy: 'Run: spindle materialize' });
    expect(await failure('gold.songs')).toMatchObject({
      ...unknown,
      message: 'The table gold.songs is not there yet: gold/songs was never materialized.',
      remedy: "Run: spindle materialize -s '+gold/songs'",
    });
    expect(await failure('gold.song')).toMatchObject({ ...unknown, message: 'There is no table "gold.song". Did you mean gold.songs?' });
    expect(await failure('gold/days')).toMatchObject({ ...unknown, message: 'gold/days is no table: it is kept as value.' });
  });

  it('lets a statement write only where --write is given', async () => {
    const { root } = await storedPlays();
    const insert = "insert into gold.songs values ('song 9', 9)";
    const refused = await runCommand(root, ['query', insert]);
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('error[USAGE]: The statement (INSERT …) may write') });
    expect(refused.stderr).toContain('--write');
    const count = async () =>
      JSON.parse((await runCommand(root, ['query', 'select count(*) as n from gold.songs', '--json'])).stdout) as unknown;
    expect(await count()).toEqual([{ n: 3 }]);
    expect((await runCommand(root, ['query', '--write', insert])).exit).toBe(0);
    expect(await count()).toEqual([{ n: 4 }]);
  });

  it('refuses an order that is no list of columns, and limits of SQL', async () => {
    const { root } = await storedPlays();
    const failure = async (...args: string[]) => {
      const { exit, stderr } = await runCommand(root, ['query', ...args]);
      return { exit, stderr };
    };
    expect(await failure('gold.songs', '--order', 'plays; drop table gold.songs')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('error[USAGE]: --order has "plays; drop table gold.songs"'),
    });
    expect(await failure('select 1', '--limit', '3')).toMatchObject({ exit: 2, stderr: expect.stringContaining('… order by … limit …') });
    expect(await failure('gold.songs', '--order', 'playz')).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/error\[QUERY_FAILED\].*playz/),
    });
  });
});
