import { expect } from 'vitest';
import { temporaryProject, type Files, type TemporaryProject } from '../../project/temporary-project.ts';
import { runCommand, type CommandOutcome } from '../run-command.ts';

export const NOW = '2026-01-03T12:00:00.000Z';

/** Sources of the schema, by what is right about it. */
export const SCHEMA = {
  /** Knows no purchases. */
  narrow: `z.object({ id: z.int(), kind: z.enum(['view', 'like']), page: z.string() })`,
  right: `z.object({ id: z.int(), kind: z.enum(['view', 'like', 'buy']), page: z.string() })`,
} as const;

/** Six records a run: three good ones, two purchases, and a text that is no JSON. */
const PROJECT = `
import { after, asset, DeadLetter, defineProject, landed, landing, source, table, topic } from 'spindle';
import { duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
import { Click } from './click.ts';
import { Row } from './row.ts';

export const clicks = asset('stream/clicks', {
  store: topic('clicks', z.object({ id: z.int(), kind: z.string(), page: z.string() }), { partitions: 2, key: ({ page }) => page }),
  config: z.object({ records: z.int().default(12) }),
}).run((_, { config }) => ({
  generator: 'clicks-1',
  start: ({ sequence: last = -1 } = {}) => ({
    state: '',
    records: Array.from({ length: config.records }, (_, sequence) =>
      sequence % 6 === 5
        ? { sequence, raw: '{oops ' + sequence }
        : { sequence, value: { id: sequence, kind: ['view', 'buy', 'like'][sequence % 3], page: '/' + (sequence % 4) } },
    ).filter(({ sequence }) => sequence > last),
  }),
}));

export const landedClicks = asset('lake/clicks', { store: landing('clicks', Click, { rotate: { records: 4 } }), deps: { clicks } }).run(({ clicks }) => clicks);

export const bronze = asset('bronze/clicks', { store: table('bronze.clicks', landed(Row), { write: 'append' }), deps: { landedClicks } }).run(
  ({ landedClicks }) => landedClicks,
);

export const letters = source('bronze/dead_letters', { store: table('bronze.dead_letters', DeadLetter, { write: 'append' }), deps: { bronze: after(bronze) } });

export const project = defineProject({
  name: 'clicks',
  assets: [clicks, landedClicks, bronze, letters],
  environments: { local: { broker: embeddedBroker(), lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

export const clickModule = (schema: string): string => `import { z } from 'zod';\nexport const Click = ${schema};\n`;

export interface Clicks {
  /** What the records are held to when they land. */
  readonly schema: string;
  /** True where the table is declared by a schema of its own, which takes any click: a change of the other one does not concern it. */
  readonly ownTable?: boolean;
}

/** The files of a project of clicks. */
export function clicksFiles({ schema, ownTable = false }: Clicks): Files {
  return {
    'src/project.ts': PROJECT,
    'src/click.ts': clickModule(schema),
    'src/row.ts': ownTable
      ? `import { z } from 'zod';\nexport const Row = z.object({ id: z.int(), kind: z.string(), page: z.string() });\n`
      : `export { Click as Row } from './click.ts';\n`,
  };
}

/** A project of clicks, materialized: 12 records, four of them purchases, two of them no JSON. */
export async function materializedClicks(clicks: Clicks): Promise<TemporaryProject> {
  const project = temporaryProject(clicksFiles(clicks));
  await spindle(project.root, 'materialize', '--now', NOW);
  return project;
}

/** Runs a command that has to succeed. */
export async function spindle(root: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const outcome = await runCommand(root, args);
  expect(outcome.exit, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`).toBe(0);
  return outcome;
}

/** What the tables hold, but for where and when it was loaded from. */
export async function contentOf(root: string): Promise<{ readonly rows: unknown; readonly letters: unknown }> {
  const select = async (sql: string) => JSON.parse((await spindle(root, 'query', sql, '--json')).stdout) as unknown;
  return {
    rows: await select('select * exclude (_object, _loaded_at) from bronze.clicks order by _partition, _offset'),
    letters: await select('select * exclude (object, loaded_at) from bronze.dead_letters order by "partition", "offset"'),
  };
}

/** Every record of the topic once, as a row or as a dead letter. */
export async function expectEveryRecordOnce(root: string, records: number): Promise<void> {
  const { stdout } = await spindle(
    root,
    'query',
    `select count(*) as records, count(distinct (p, o)) as different from (
       select _partition as p, _offset as o from bronze.clicks union all select "partition", "offset" from bronze.dead_letters)`,
    '--json',
  );
  expect(JSON.parse(stdout)).toEqual([{ records, different: records }]);
}
