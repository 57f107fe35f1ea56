import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { landObject, loadOf, play, Play, playsTable, putFile } from '../../../src/testing/contract/warehouse/fixture.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { openFresh } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';
import { openStagedLake } from './staged-lake.ts';
import { sourceOf } from './statement-sources.ts';

/** What differs from one load to the next. */
const normal = (sql: string): string =>
  sql
    .replaceAll(/(LINES|OBJECTS|PARSED|ROWS) [\da-fA-F]{8}/g, '$1 <RANDOM>')
    .replaceAll(/(SUCCESSOR OF BRONZE\.PLAYS) [^"]+"/g, '$1 <ATTEMPT>"')
    .replaceAll(/'file:\/\/[^']*'/g, "'file://<FILE>'")
    .replaceAll(/STAGE"\/bronze\.plays\/[^/']+\//g, 'STAGE"/bronze.plays/<ATTEMPT>/')
    .replaceAll(/"X[\dA-F]{8}"\."PUBLIC"/g, '"<DATABASE>"."PUBLIC"')
    .replaceAll(/CURRENT_TRANSACTION\(\) = '\d+'/g, "CURRENT_TRANSACTION() = '<ID>'");

describe('the statements of a load', () => {
  let emulator: Emulator;
  let server: S3Server;
  beforeAll(async () => ([emulator, server] = await Promise.all([startEmulator(), startS3()])));
  afterAll(() => Promise.all([emulator.stop(), server.stop()]));

  it('are pinned, each with the page of the documentation that it is valid by', async () => {
    const warehouse = await openFresh(emulator);
    const lake = createMemoryObjectStore();
    const sections: string[] = [];
    const record = async (title: string, work: () => Promise<unknown>) => {
      await emulator.forget();
      await work();
      const statements = (await emulator.statements()).map(({ sql }) => normal(sql)).filter((sql) => !sql.startsWith('CREATE DATABASE'));
      sections.push(`-- ${'='.repeat(3)} ${title}\n\n${statements.map((sql) => `-- ${sourceOf(sql)}\n${sql};\n`).join('\n')}`);
    };
    const first = await landObject(lake, 'plays/1/0/0', { rows: [play('a'), play('b')], rejected: ['{oops'] });
    await record('the first load of a table', () =>
      warehouse.load(loadOf(lake, [first], { touched: { column: 'played_at', unit: 'hour' } })),
    );
    const second = await landObject(lake, 'plays/1/0/3', { rows: [play('c')] });
    await record('up to where a listing may leave objects out', () => warehouse.loadedFolders(playsTable(), 'plays/'));
    await record('what is loaded already', () => warehouse.unloaded(playsTable(), [first, second]));
    await record('a load of what is new', () => warehouse.load(loadOf(lake, [first, second])));
    const changed = await landObject(lake, 'plays/1/0/3', { rows: [play('c'), play('d')] });
    await record('a load of an object whose content changed', () => warehouse.load(loadOf(lake, [changed])));
    const other = playsTable({ schema: Play.extend({ ms: z.string() }), generation: 'g2' });
    const text = await landObject(lake, 'plays/1/0/0', { rows: [play('a', { ms: '1' })] });
    await record('a full refresh into other columns', () => warehouse.load(loadOf(lake, [text], { table: other, fullRefresh: true })));
    const files = await putFile(lake, 'inbox/plays/a.ndjson', [play('f'), '{oops', play('g')]);
    const { judge } = files.lines;
    // says of a line that is no JSON that it is a row
    const generous = (line: Uint8Array) => (line.includes(111) && line.length < 9 ? { row: '{oops' } : judge(line));
    const table = playsTable({ generation: 'g3' });
    await record('a load of files from elsewhere', () =>
      warehouse.load(loadOf(lake, [{ ...files, lines: { ...files.lines, judge: generous } }], { table, fullRefresh: true })),
    );
    await warehouse.close();
    const staged = await openStagedLake(emulator, server, { prefix: 'lake' });
    const own = await landObject(staged.lake, 'plays/1/0/0', { rows: [play('a'), play('b')], rejected: ['{oops'] });
    await record('the first load of a table by an external stage', () => staged.warehouse.load(loadOf(staged.lake, [own])));
    await staged.close();
    await expect(`${HEAD}\n${sections.join('\n')}`).toMatchFileSnapshot('statements.golden.sql');
  });
});

const HEAD = `-- What a load sends to Snowflake, as the tests saw it: made by statements.test.ts (vitest -u writes it anew).
-- Above each statement: the page of docs.snowflake.com that it is valid by, and what of that page.
`;
