import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiffReport } from '../../../src/cli/diff/report.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { openEmbeddedBroker } from '../../../src/drivers/broker/embedded.ts';
import { readPublished, SCHEMA_TOPIC } from '../../../src/runtime/schema/evolution/published-schemas.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const source = (play: string, landed = 'Play') => `
import { asset, defineProject, landed, landing, table, topic } from 'spindle';
import { duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const Play = z.object(${play});
const Landed = ${landed};
export const plays = asset('stream/plays', { store: topic('plays', Play), config: z.object({ rows: z.array(z.any()).default([{ id: 1, device: 'tv' }]) }) }).run(
  (_, { config }) => config.rows,
);
export const landedPlays = asset('lake/plays', { store: landing('plays', Landed), deps: { plays } }).run(({ plays }) => plays);
export const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Landed), { write: 'append' }), deps: { landedPlays } }).run(
  ({ landedPlays }) => landedPlays,
);
const Count = z.object({ device: z.string(), plays: z.int() });
export const devices = asset('gold/devices', { store: table('gold.devices', Count, { key: ['device'] }), deps: { bronze } }).run(({ bronze }) =>
  bronze.sql(Count, 'select device, count(*) as plays from bronze.plays group by device'),
);
export const project = defineProject({
  name: 'plays',
  assets: [plays, landedPlays, bronze, devices],
  environments: { local: { broker: embeddedBroker(), lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

const FIRST = `{ id: z.int(), device: z.enum(['mobile', 'tv']) }`;
const COMPATIBLE = `{ id: z.int(), device: z.enum(['mobile', 'tv']), city: z.string().optional() }`;
const BREAKING = `{ id: z.int().min(1), device: z.enum(['mobile']) }`;

/** A project whose schemas can be changed. */
function playsProject() {
  const { root } = temporaryProject({ 'src/project.ts': source(FIRST) });
  const change = (play: string, landed?: string) => writeFileSync(join(root, 'src/project.ts'), source(play, landed));
  const spindle = (...argv: string[]) => runCommand(root, argv);
  return { root, change, spindle };
}

/** The same with its topic written, and so its schema published. */
async function published() {
  const project = playsProject();
  const { exit, stdout, stderr } = await project.spindle('materialize', '-s', 'stream/plays');
  expect(exit, stdout + stderr).toBe(0);
  return project;
}

async function recordsOf(root: string, topic: string): Promise<number> {
  const broker = await openEmbeddedBroker({ directory: join(root, '.spindle/local/broker'), faults: noFaults });
  try {
    return (await broker.offsets(topic)).reduce((sum, { start, end }) => sum + end - start, 0);
  } finally {
    await broker.close();
  }
}

describe('writing a topic', () => {
  it('publishes its schema before its first record, with the project', async () => {
    const { root } = await published();
    const broker = await openEmbeddedBroker({ directory: join(root, '.spindle/local/broker'), faults: noFaults });
    const { schema } = await readPublished('plays', { broker, signal: new AbortController().signal });
    await broker.close();
    expect(schema).toMatchObject({ topic: 'plays', version: 1, project: 'plays', schema: { required: ['id', 'device'] } });
  });

  it('goes on with a change that is compatible, and publishes it', async () => {
    const { root, change, spindle } = await published();
    change(COMPATIBLE);
    expect((await spindle('materialize', '-s', 'stream/plays')).exit).toBe(0);
    expect(await recordsOf(root, SCHEMA_TOPIC.name)).toBe(2);
    expect((await spindle('diff')).stdout).toBe('plays: as published (version 2).\n');
  });

  it('refuses a change that breaks before anything is produced, and says how it is meant to go on', async () => {
    const { root, change, spindle } = await published();
    const before = await recordsOf(root, 'plays');
    change(BREAKING);
    const { exit, stdout } = await spindle(
      'materialize',
      '-s',
      'stream/plays',
      '--config',
      'stream/plays.rows=[{"id":2,"device":"mobile"}]',
    );
    expect(exit).toBe(1);
    expect(stdout).toContain(
      'error[SCHEMA_BREAKING] stream/plays: The schema of stream/plays refuses records that the published schema of its topic plays (version 1) allows: device: "tv" is refused; id: must be at least 1.',
    );
    expect(stdout).toContain('spindle diff stream/plays --accept');
    expect(await recordsOf(root, 'plays')).toBe(before);
    expect(await recordsOf(root, SCHEMA_TOPIC.name)).toBe(1);
  });
});

describe('a topic that is kept running', () => {
  it('is not written while its change breaks, and says so', async () => {
    const { root, change, spindle } = await published();
    const before = await recordsOf(root, 'plays');
    change(BREAKING);
    const { stdout, stderr } = await spindle('stream', 'stream/plays', '--for', '1s');
    expect(stdout + stderr).toContain(
      'The schema of stream/plays refuses records that the published schema of its topic plays (version 1) allows',
    );
    expect(await recordsOf(root, 'plays')).toBe(before);
  });
});

describe('fields that a schema does not know', () => {
  it('are in the table, however deep, whoever produced them', async () => {
    const { root, change, spindle } = playsProject();
    change(`{ id: z.int(), device: z.enum(['mobile', 'tv']), app: z.object({ version: z.string() }).optional() }`);
    expect((await spindle('materialize', '-s', 'stream/plays')).exit).toBe(0);
    const broker = await openEmbeddedBroker({ directory: join(root, '.spindle/local/broker'), faults: noFaults });
    const record = { id: 2, device: 'tv', app: { version: '1', build: { number: 7 } }, city: 'Oslo' };
    await broker.produce('plays', [{ partition: 0, key: null, value: Buffer.from(JSON.stringify(record)), headers: {}, timestamp: 0 }]);
    await broker.close();
    expect((await spindle('materialize', '-s', 'lake/plays or bronze/plays')).exit).toBe(0);
    const sql = `select "_extra"->>'$.city' as city, app->>'$.build.number' as build from bronze.plays where id = 2`;
    expect(JSON.parse((await spindle('query', sql, '--json')).stdout)).toEqual([{ city: 'Oslo', build: '7' }]);
  });
});

describe('spindle diff', () => {
  it('says that nothing is published yet', async () => {
    const { spindle } = playsProject();
    expect(await spindle('diff')).toMatchObject({ exit: 0, stdout: 'plays: not published yet.\n' });
  });

  it('shows a compatible change, with the assets that declare the field, and ends with 0', async () => {
    const { change, spindle } = await published();
    change(COMPATIBLE, `z.object(${FIRST})`);
    expect(await spindle('diff')).toMatchObject({
      exit: 0,
      stdout: [
        'of     class       where  what                         concerns',
        'plays  compatible  city   is new, and may be left out  -',
        '',
      ].join('\n'),
    });
    change(COMPATIBLE);
    expect((await spindle('diff')).stdout).toContain('lake/plays, bronze/plays\n');
  });

  it('shows each breaking change with all that is downstream, and ends with 3', async () => {
    const { change, spindle } = await published();
    change(BREAKING);
    const { exit, stdout } = await spindle('diff');
    expect(exit).toBe(3);
    expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'of | class | where | what | concerns',
      'plays | breaking | device | "tv" is refused | lake/plays, bronze/plays, gold/devices',
      'plays | breaking | id | must be at least 1 | as above',
      '2 changes are breaking. What writes the topic stops with SCHEMA_BREAKING before it produces a record. To publish it on purpose: spindle diff --accept',
      '',
    ]);
    const report = JSON.parse((await spindle('diff', 'stream/*', '--json')).stdout) as DiffReport;
    expect(report).toMatchObject({
      breaking: 2,
      parts: [
        { kind: 'topic', name: 'plays', asset: 'stream/plays', class: 'breaking', version: 1 },
        { kind: 'landing', class: 'identical' },
      ],
    });
    expect(report.parts[0]?.changes[0]).toEqual({
      path: 'device',
      kind: 'values',
      class: 'breaking',
      text: '"tv" is refused',
      assets: ['lake/plays', 'bronze/plays', 'gold/devices'],
    });
  });

  it('tells that a landing would set records of its topic aside, which a run does not', async () => {
    const { change, spindle } = await published();
    change(FIRST, `z.object({ id: z.int(), device: z.enum(['mobile']) })`);
    const { exit, stdout } = await spindle('diff');
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^lake\/plays +breaking +device +"tv" is refused +bronze\/plays, gold\/devices$/m);
    expect(stdout).toContain('Records that a landing refuses become dead letters.\n');
    const run = await spindle('materialize', '-s', 'lake/plays');
    expect(run).toMatchObject({ exit: 0, stdout: expect.stringContaining('1 set aside') });
  });

  it('publishes a breaking change on purpose: once it is confirmed', async () => {
    const { change, spindle } = await published();
    change(BREAKING);
    expect(await spindle('diff', '--accept')).toMatchObject({ exit: 2, stderr: expect.stringContaining('Confirm with --yes.') });
    expect((await spindle('diff')).exit).toBe(3);
    const accepted = await spindle('diff', 'stream/plays', '--accept', '--yes');
    expect(accepted).toMatchObject({ exit: 0, stdout: expect.stringMatching(/plays: version 2 is published\.\n$/) });
    expect(await spindle('diff')).toMatchObject({ exit: 0, stdout: 'plays: as published (version 2).\n' });
    const row = ['--config', 'stream/plays.rows=[{"id":2,"device":"mobile"}]'];
    expect((await spindle('materialize', '-s', 'stream/plays', ...row)).exit).toBe(0);
  });

  it('compares with a file where there is no broker', async () => {
    const { root, change, spindle } = playsProject();
    expect(await spindle('diff', '--write', 'schemas.json')).toMatchObject({
      exit: 0,
      stdout: 'schemas.json holds the schemas of 1 topic and 2 tables.\n',
    });
    const written = readFileSync(join(root, 'schemas.json'), 'utf8');
    expect(JSON.parse(written)).toMatchObject({
      project: 'plays',
      topics: { plays: { asset: 'stream/plays', schema: { type: 'object' } } },
    });
    expect(await spindle('diff', '--against', 'schemas.json')).toMatchObject({ exit: 0, stdout: 'plays: as in the file.\n' });
    change(BREAKING);
    const { exit, stdout } = await spindle('diff', '--against', 'schemas.json');
    expect(exit).toBe(3);
    // of the topic, and of the table that it is loaded into
    expect(stdout).toContain('4 changes are breaking.');
    expect(stdout).not.toContain('--accept');
    change(COMPATIBLE);
    expect((await spindle('diff', '--against', 'schemas.json', '--json')).exit).toBe(0);
    await spindle('diff', '--write', 'schemas.json');
    await spindle('diff', '--write', 'again.json');
    expect(readFileSync(join(root, 'again.json'), 'utf8')).toBe(readFileSync(join(root, 'schemas.json'), 'utf8'));
  });

  it('names topics that are no longer declared', async () => {
    const { root, spindle } = await published();
    const path = join(root, 'src/project.ts');
    writeFileSync(path, source(FIRST).replace("topic('plays'", "topic('plays2'"));
    expect((await spindle('diff')).stdout).toBe('plays2: not published yet.\nplays: published by this project, and no longer declared.\n');
  });

  it('refuses what does not go together, and files that are none', async () => {
    const { root, spindle } = playsProject();
    writeFileSync(join(root, 'other.json'), '{"topics":{}}');
    writeFileSync(join(root, 'no.json'), 'x');
    for (const [argv, message] of [
      [['--write', 'a.json', '--against', 'b.json'], '--write and --against do not go together.'],
      [['stream/*', '--write', 'a.json'], '--write writes all schemas'],
      [['--accept', '--against', 'a.json'], '--accept publishes in an environment'],
      [['--yes'], '--yes confirms --accept.'],
      [['--against', 'none.json'], 'There is no file none.json, and git knows no commit of that name.'],
      [['--against', 'no.json'], 'no.json is no JSON'],
      [['--against', 'other.json'], 'other.json holds no schemas of topics and tables: project'],
      [['stream/nothing'], 'stream/nothing'],
    ] as const)
      expect(await spindle('diff', ...argv)).toMatchObject({ exit: 2, stderr: expect.stringContaining(message) });
  });

  it('of assets without a topic says so', async () => {
    const { spindle } = playsProject();
    expect(await spindle('diff', 'gold/*')).toMatchObject({ exit: 0, stdout: 'There is no topic among these assets.\n' });
  });
});
