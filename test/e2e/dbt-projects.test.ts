import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { shopProject } from './shop-project.ts';

interface Summary {
  readonly assets: readonly { readonly asset: string; readonly result: string; readonly rows: number | null }[];
  readonly checks: readonly { readonly asset: string; readonly check: string; readonly passed: boolean }[];
}

const ran = ({ assets }: Summary) => assets.flatMap(({ asset, result }) => (result === 'materialized' ? [asset] : [])).toSorted();

describe('two dbt projects, one of which reads the other', () => {
  it('are built in one run, with seeds, snapshots, versions, packages and exposures, and then what an edit of one makes stale', async () => {
    const root = await shopProject();
    const spindle = async (...args: readonly string[]) => {
      const { exit, stdout, stderr } = await runCli(root, args);
      expect(exit, `${stdout}${stderr}`).toBe(0);
      return stdout;
    };
    const materialize = async () => JSON.parse(await spindle('materialize', '--json')) as Summary;

    const first = await materialize();
    expect(ran(first)).toEqual([
      'countries',
      'countries_history',
      'gold/order_states',
      'gold/orders',
      'gold/ranked/v1',
      'gold/ranked/v2',
      'loose',
      'page/poster',
      'raw/orders',
      'report/marts/by_country',
      'util/staging/util_days',
    ]);
    expect(first.checks.map(({ asset, check, passed }) => [asset, check, passed]).toSorted()).toEqual([
      ['countries', 'not_null_code', true],
      ['countries', 'unique_code', true],
      ['gold/order_states', 'not_null_id', true],
      ['gold/orders', 'no_negative', true],
      ['gold/orders', 'relationships_country', true],
      ['gold/orders', 'unique_id', true],
    ]);
    expect(JSON.parse(await spindle('query', '--json', 'select country, amount from report.by_country order by 1'))).toEqual([
      { country: 'SE', amount: 10 },
      { country: 'US', amount: 5.5 },
    ]);

    const listed = JSON.parse(await spindle('list', '--json', '-s', '+exposures/weekly_report')) as { key: string; kind: string }[];
    expect(listed.map(({ key, kind }) => [key, kind])).toEqual([
      ['countries', 'table'],
      ['raw/orders', 'table'],
      ['gold/orders', 'table'],
      ['exposures/weekly_report', 'memory'],
    ]);
    expect(JSON.parse(await spindle('list', '--json', '-s', 'kind:dbt and not report/** and not util/**'))).toHaveLength(7);
    expect(await spindle('graph')).toMatch(/exposures\/weekly_report +memory +← \(countries\), \(raw\/orders\), \(gold\/orders\)/);
    expect(ran(await materialize())).toEqual([]);

    // dbt hashes a seed's content; what reads it is stale, in both projects.
    writeFileSync(join(root, 'dbt/seeds/countries.csv'), 'code,name\nSE,Sverige\nUS,United States\n');
    expect(ran(await materialize())).toEqual(ran(first).filter((key) => key !== 'raw/orders' && !key.startsWith('util/')));
    const states = 'select name, dbt_valid_to is null as valid from history.countries_history order by code, valid';
    expect(JSON.parse(await spindle('query', '--json', states))).toEqual([
      { name: 'Sweden', valid: false },
      { name: 'Sverige', valid: true },
      { name: 'United States', valid: true },
    ]);
  });

  it('say which does not parse, with dbt’s file and line, and end at once', async () => {
    const root = await shopProject();
    writeFileSync(join(root, 'report/models/marts/sources.yml'), 'sources:\n  - name: shop\n    tables: [{ name: orders }\n');
    const { exit, stdout } = await runCli(root, ['plan', '--json']);
    expect(exit).toBe(1);
    const { error } = JSON.parse(stdout) as { error: Readonly<Record<string, string>> };
    expect(error).toMatchObject({
      code: 'DBT_FAILED',
      message: expect.stringMatching(/dbt parse in .*report failed: [\s\S]*sources\.yml[\s\S]*line \d+/),
      remedy: 'Correct the dbt project where the message points.',
    });
  });

  it('are told to install the packages that they lack', async () => {
    const root = await shopProject();
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere/dbt_project.yml'), 'name: elsewhere\nversion: "1.0"\n');
    writeFileSync(join(root, 'report/packages.yml'), 'packages: [{ local: ../elsewhere }]\n');
    const { exit, stdout } = await runCli(root, ['plan', '--json']);
    expect([exit, (JSON.parse(stdout) as { error: object }).error]).toMatchObject([
      1,
      { code: 'DBT_FAILED', remedy: 'Install them: spindle dbt deps.' },
    ]);
    expect((await runCli(root, ['dbt', '--dbt-project', 'report', 'deps'])).exit).toBe(0);
    expect((await runCli(root, ['plan', '--json'])).exit).toBe(0);
    expect(readFileSync(join(root, 'report/manifest.json'), 'utf8')).toContain('"project_name": "report"');
  });
});
