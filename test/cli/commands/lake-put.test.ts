import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const PROJECT = `
import { asset, defineProject, files, source, table } from 'spindle';
import { duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Play = z.object({ id: z.string(), ms: z.int() });
const inbox = source('inbox/plays', { store: files('inbox/of-plays', Play) });
const plays = asset('bronze/plays', { store: table('bronze.plays', Play, { write: 'append' }), deps: { inbox } }).run(({ inbox }) => inbox);
export const project = defineProject({
  name: 'music',
  assets: [inbox, plays],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

const line = (id: string) => `{"id":"${id}","ms":1}\n`;

function inbox() {
  const { root } = temporaryProject({ 'src/project.ts': PROJECT });
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(join(root, 'exports'), { recursive: true });
    writeFileSync(join(root, 'exports', name), content);
    return `exports/${name}`;
  };
  const spindle = (...args: string[]) => runCommand(root, args);
  const plays = async () => {
    const materialized = await spindle('materialize');
    expect(materialized.exit, materialized.stderr).toBe(0);
    const rows = JSON.parse((await spindle('query', '--json', 'select id from bronze.plays order by id')).stdout) as {
      readonly id: string;
    }[];
    return rows.map(({ id }) => id);
  };
  return { root, write, spindle, plays };
}

describe('spindle lake put', () => {
  it('copies files to where a source reads them, and replaces one of the same name', async () => {
    const { write, spindle, plays } = inbox();
    const files = [write('a.ndjson', line('a') + line('b')), write('c.jsonl.gz', gzipSync(line('c')))];
    const put = await spindle('lake', 'put', 'inbox/plays', ...files);
    expect(put).toMatchObject({ exit: 0, stdout: expect.stringContaining('exports/a.ndjson → inbox/of-plays/a.ndjson (36 B)') });
    expect(await plays()).toEqual(['a', 'b', 'c']);
    write('a.ndjson', line('z'));
    const again = await spindle('lake', 'put', 'inbox/plays', 'exports/a.ndjson', '--json');
    expect(JSON.parse(again.stdout)).toEqual([{ file: 'exports/a.ndjson', key: 'inbox/of-plays/a.ndjson', size: 18 }]);
    expect(await plays()).toEqual(['c', 'z']);
  });

  it('says what it would do, and does nothing', async () => {
    const { root, write, spindle } = inbox();
    const file = write('a.ndjson', line('a'));
    expect(await spindle('lake', 'put', 'inbox/plays', file, '--dry-run')).toMatchObject({ exit: 0 });
    expect(existsSync(join(root, '.spindle/local/lake'))).toBe(false);
  });

  it.each([
    ['a source that the project does not have', ['inbox/play', 'exports/a.ndjson'], 'is no source of files. Did you mean inbox/plays?'],
    ['an asset that is no source of files', ['bronze/plays', 'exports/a.ndjson'], 'is no source of files'],
    ['no file', ['inbox/plays'], 'No files are named'],
    ['a file that is not there', ['inbox/plays', 'exports/a.ndjson', 'exports/b.ndjson'], 'There is no file exports/b.ndjson'],
    ['a file that the source would pass over', ['inbox/plays', 'exports/a.csv'], 'The source would pass over exports/a.csv'],
    ['two files of one name', ['inbox/plays', 'exports/a.ndjson', './exports/a.ndjson'], 'Two of the files are named a.ndjson'],
  ])('refuses %s, and copies nothing', async (_, args, message) => {
    const { write, spindle } = inbox();
    write('a.ndjson', line('a'));
    write('a.csv', 'a');
    const refused = await spindle('lake', 'put', ...args);
    expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) });
  });

  it('takes no files with another action', async () => {
    expect(await inbox().spindle('lake', 'status', 'inbox/plays')).toMatchObject({ exit: 2, stderr: expect.stringContaining('takes no') });
  });
});
