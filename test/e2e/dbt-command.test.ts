import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { shopProject } from './shop-project.ts';

describe('spindle dbt', () => {
  it('runs a command of dbt in the warehouse of the environment, passes on what it prints, and ends with what dbt ends with', async () => {
    const root = await shopProject();
    expect((await runCli(root, ['materialize', '-s', 'gold/orders'])).exit).toBe(1); // raw/orders was never made
    expect((await runCli(root, ['materialize', '-s', '+gold/orders'])).exit).toBe(0);
    const shop = (...args: readonly string[]) => runCli(root, ['dbt', '--dbt-project', 'shop', ...args]);

    const built = await shop('build', '--select', 'gold.orders+', '--exclude-resource-type', 'exposure');
    expect(built.exit, built.stdout).toBe(0);
    expect(built.stdout).toMatch(/OK created sql table model gold\.ranked_v2[\s\S]*PASS=9/);
    expect(built.stdout).not.toContain('\u001b[');
    const rows = await runCli(root, ['query', '--json', 'select count(*) as n from gold.ranked_v2']);
    expect(JSON.parse(rows.stdout)).toEqual([{ n: 2 }]);

    const listed = await shop('ls', '--select', 'gold', '--resource-type', 'model', '--output', 'name', '--quiet');
    expect(listed.stdout.trim().split('\n')).toEqual(['orders', 'ranked.v1', 'ranked.v2']);
    const fresh = await shop('source', 'freshness');
    expect([fresh.exit, fresh.stdout]).toEqual([0, expect.stringContaining('PASS freshness of raw.orders')]);

    const broken = await shop('test', '--select', 'orders', '--vars', '{ x: 1', '--json');
    expect([broken.exit, JSON.parse(broken.stdout)]).toMatchObject([2, { dbtProject: 'shop', exit: 2 }]);
    writeFileSync(join(root, 'dbt/tests/finds_all.sql'), "select * from {{ ref('orders') }}");
    expect((await shop('test', '--select', 'finds_all')).exit).toBe(1);
    expect((await shop('ls', '--help')).stdout).toContain('Usage: dbt ls [OPTIONS]');
    expect((await shop('--', '--version')).stdout).toContain('installed: 1.11');
  });

  it('writes the page of all models, with their columns and those of the tables that are there, and says where it is', async () => {
    const root = await shopProject();
    expect((await runCli(root, ['materialize', '-s', '+gold/orders'])).exit).toBe(0);
    const told = await runCli(root, ['dbt', 'docs', '--dbt-project', 'shop']);
    expect(told.stdout.trimEnd().split('\n').at(-1)).toBe('The page is dbt/target/static_index.html: open it in a browser.');
    const asked = await runCli(root, ['dbt', 'docs', '--dbt-project', 'shop', '--json']);
    const { page } = JSON.parse(asked.stdout) as { page: string };
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('Names the order.');
    const catalog = JSON.parse(readFileSync(join(root, 'dbt/target/catalog.json'), 'utf8')) as {
      nodes: Record<string, { columns: Record<string, { type: string }> }>;
    };
    const { columns } = catalog.nodes['model.shop.orders']!;
    expect(Object.entries(columns).map(([name, { type }]) => [name, type])).toEqual([
      ['id', 'BIGINT'],
      ['country', 'VARCHAR'],
      ['amount', 'DECIMAL(18,2)'],
    ]);
    expect(html).toContain('"DECIMAL(18,2)"');
  });

  it('wants to know which of several dbt projects, and which command', async () => {
    const root = await shopProject();
    const refusal = async (...args: readonly string[]) => {
      const { exit, stderr } = await runCli(root, ['dbt', ...args]);
      return [exit, stderr];
    };
    expect(await refusal('ls')).toEqual([
      2,
      expect.stringMatching(/The project shop has several dbt projects\.[\s\S]*Name one of them: report, shop\./),
    ]);
    expect(await refusal('ls', '--dbt-project=shoq')).toEqual([2, expect.stringContaining('no dbt project "shoq". Did you mean shop?')]);
    expect(await refusal()).toEqual([2, expect.stringContaining('Which command of dbt?')]);
    const help = await runCli(root, ['dbt', '--help']);
    expect([help.exit, help.stdout]).toEqual([0, expect.stringContaining('spindle dbt source freshness')]);
  });
});
