import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, type CliOutcome } from '../cli/run-cli.ts';
import { userProject } from './user-project.ts';

const FILES = {
  'src/project.ts': `
import { readFileSync } from 'node:fs';
import { asset, defineProject, partitions, table } from 'spindle';
import { dbtProject, perPartition } from 'spindle/dbt';
import { dbt, duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Play = z.object({ id: z.string(), kind: z.enum(['play', 'skip']), played_at: z.iso.datetime() });
const plays = asset('raw/plays', { store: table('raw.plays', Play, { partitionBy: 'played_at' }) })
  .run(() => z.array(Play).parse(JSON.parse(readFileSync('plays.json', 'utf8'))));
export const models = dbtProject({
  name: 'models',
  dir: 'dbt',
  sources: [plays],
  partitions: { by_kind: perPartition(partitions.of(['play', 'skip']), (kind) => ({ kind }), { partitionBy: 'kind' }) },
});
const Day = z.object({ day: z.iso.datetime(), plays: z.int() });
const days = models.model('daily', Day);
const digest = asset('digest', { deps: { days }, partitions: partitions.daily({ start: '2026-01-01' }) })
  .run(async ({ days }, { partition, log }) => log(\`\${partition.key}: \${(await days.all()).map(({ plays }) => plays).join()}\`));
export const project = defineProject({
  name: 'models',
  assets: [plays, digest],
  dbt: [models],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), transformer: dbt(), runStore: sqliteRunStore() } },
});
`,
  'dbt/dbt_project.yml': `
name: models
version: '1.0.0'
config-version: 2
profile: models
flags: { send_anonymous_usage_stats: false, require_generic_test_arguments_property: true }
`,
  'dbt/models/models.yml': `
sources:
  - name: raw
    tables:
      - name: plays
        config: { event_time: played_at }
        columns: [{ name: id, data_tests: [not_null, unique] }]
models:
  - name: daily
    columns:
      - { name: day, data_type: timestamp, data_tests: [not_null] }
      - { name: plays, data_type: bigint }
`,
  'dbt/models/daily.sql': `
{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='day', batch_size='day', begin='2026-01-01') }}
select cast(date_trunc('day', played_at) as timestamp) as day, count(*) as plays, '{{ invocation_id }}' as made_by
from {{ source('raw', 'plays') }} group by 1
`,
  'dbt/models/totals.sql': `select cast(sum(plays) as bigint) as plays from {{ ref('daily') }}`,
  'dbt/models/by_kind.sql': `
{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='kind') }}
select kind, count(*) as plays from {{ source('raw', 'plays') }} where kind = '{{ var("kind", "") }}' group by kind
`,
};

interface Played {
  readonly id: string;
  readonly kind: string;
  readonly played_at: string;
}

const played = (id: string, kind: string, day: string): Played => ({ id, kind, played_at: `${day}T10:00:00Z` });
const PLAYS = [
  played('a', 'play', '2026-01-01'),
  played('b', 'skip', '2026-01-01'),
  played('c', 'play', '2026-01-02'),
  played('d', 'play', '2026-01-03'),
];

async function playsProject() {
  const root = await userProject(FILES);
  const write = (plays: readonly Played[]) => writeFileSync(join(root, 'plays.json'), JSON.stringify(plays));
  write(PLAYS);
  const spindle = async (...args: readonly string[]): Promise<CliOutcome & { readonly said: unknown }> => {
    const outcome = await runCli(root, [...args, '--json']);
    return { ...outcome, said: outcome.stdout === '' ? undefined : JSON.parse(outcome.stdout) };
  };
  const materialize = (...args: readonly string[]) => spindle('materialize', '--now', '2026-01-04T00:00:00Z', ...args);
  const rows = async (sql: string) => (await spindle('query', sql)).said;
  return { root, write, materialize, rows };
}

describe('models of dbt that are built by partition', () => {
  it('are built in their batches, neighbors in one call; late rows make their own batch stale, and those that read it', async () => {
    const { materialize, rows, write } = await playsProject();
    const first = await materialize('-s', '**');
    expect(first.exit, first.stdout + first.stderr).toBe(0);
    expect(first.said).toMatchObject({
      assets: [
        { asset: 'raw/plays', rows: 4 },
        { asset: 'by_kind', partitions: 2, rows: 2 },
        { asset: 'daily', partitions: 1, rows: 3 },
        { asset: 'digest', partitions: 3 },
        { asset: 'totals', rows: 1 },
      ],
      checks: expect.arrayContaining([
        expect.objectContaining({ asset: 'raw/plays', check: 'not_null_id', passed: true }),
        expect.objectContaining({ asset: 'raw/plays', check: 'unique_id', passed: true }),
        expect.objectContaining({ asset: 'daily', partition: '2026-01-01..2026-01-03', check: 'not_null_day', passed: true }),
      ]),
    });
    const batches = 'select day, plays, made_by from main.daily order by day';
    const before = (await rows(batches)) as readonly { readonly made_by: string }[];
    expect(before).toMatchObject([{ plays: 2 }, { plays: 1 }, { plays: 1 }]);
    expect(new Set(before.map((batch) => batch.made_by)).size).toBe(1);

    write([...PLAYS, played('e', 'play', '2026-01-02')]);
    expect((await materialize('-s', 'raw/plays', '--force')).exit).toBe(0);
    expect((await materialize('-s', 'daily or digest or totals')).said).toMatchObject({
      assets: [
        { asset: 'daily', partitions: 1, rows: 1 },
        { asset: 'digest', partitions: 1 },
        { asset: 'totals', result: 'materialized' },
      ],
    });
    expect(await rows('select plays from main.totals')).toEqual([{ plays: 5 }]);
    expect(await rows(batches)).toEqual([
      before[0],
      { day: '2026-01-02T00:00:00.000Z', plays: 2, made_by: expect.not.stringMatching(before[0]?.made_by ?? '') },
      before[2],
    ]);
  });

  it('are built with the variables of the partition that is asked for, and the others are left alone', async () => {
    const { materialize, rows } = await playsProject();
    expect((await materialize('-s', '+by_kind', '-p', 'skip')).exit).toBe(0);
    expect(await rows('select * from main.by_kind')).toEqual([{ kind: 'skip', plays: 1 }]);
    expect((await materialize('-s', 'by_kind')).said).toMatchObject({ assets: [{ asset: 'by_kind', partitions: 1, rows: 1 }] });
    expect(await rows('select * from main.by_kind order by kind')).toEqual([
      { kind: 'play', plays: 3 },
      { kind: 'skip', plays: 1 },
    ]);
  });

  it('are kept from being built by a failed test of their source, which says so until there are other rows', async () => {
    const { materialize, rows, write } = await playsProject();
    write([...PLAYS, played('a', 'play', '2026-01-02')]);
    const failed = await materialize('-s', '**');
    expect(failed.exit).toBe(1);
    const { checks } = failed.said as { readonly checks: readonly { readonly check: string }[] };
    expect(failed.said).toMatchObject({
      assets: [{ asset: 'raw/plays', result: 'materialized' }, ...Array.from({ length: 4 }, () => ({ result: 'skipped' }))],
    });
    // dbt runs them side by side: which ends first is not said.
    expect(checks.toSorted((one, other) => (one.check < other.check ? -1 : 1))).toMatchObject([
      { check: 'not_null_id', passed: true },
      { asset: 'raw/plays', check: 'unique_id', passed: false, metadata: { failures: 1 } },
    ]);
    write(PLAYS);
    expect((await materialize('-s', 'daily')).exit).toBe(1);
    expect((await materialize('-s', 'raw/plays or daily', '--force')).exit).toBe(0);
    expect(await rows('select count(*) as days from main.daily')).toEqual([{ days: 3 }]);
  });
});
