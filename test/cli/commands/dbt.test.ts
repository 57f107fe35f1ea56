import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCli } from '../run-cli.ts';

const PROJECT = `
import { defineProject } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { dbt, duckDb, snowflake } from 'spindle/drivers';
export const project = defineProject({
  name: 'shop',
  assets: [],
  dbt: [dbtProject({ name: 'shop', dir: 'models', sources: [] })],
  environments: {
    local: { warehouse: duckDb(), transformer: dbt() },
    prod: { warehouse: snowflake({ database: 'SHOP' }), transformer: dbt() },
    bare: { warehouse: duckDb() },
  },
});
`;

/** Stands in for Python: writes down where it runs, with what, and ends with its last argument. */
const PYTHON = `#!/bin/sh
{ pwd; echo "$@"; env | grep -E '^(DBT_|SPINDLE_)' | sort; } > "$(dirname "$0")/seen"
for last; do :; done
echo "printed by dbt"
exit "$last"
`;

function shop() {
  const { root } = temporaryProject({ 'src/project.ts': PROJECT, 'models/dbt_project.yml': 'name: shop\n', python: PYTHON });
  chmodSync(join(root, 'python'), 0o755);
  const dbt = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runCli(root, ['dbt', ...args], { SPINDLE_PYTHON: join(root, 'python'), ...env });
  return { root, dbt, seen: () => readFileSync(join(root, 'seen'), 'utf8') };
}

describe('spindle dbt', () => {
  it('runs in the folder of the dbt project, for the target and file of the environment, and ends with what dbt ends with', async () => {
    const { root, dbt, seen } = shop();
    for (const exit of [0, 1, 2]) {
      const outcome = await dbt(['build', '--select', 'a', String(exit)], { DBT_TARGET: 'other', DBT_PROFILES_DIR: '/elsewhere' });
      expect([outcome.exit, outcome.stdout]).toEqual([exit, 'printed by dbt\n']);
    }
    const [folder, words, ...variables] = seen().trim().split('\n');
    expect(folder).toBe(join(root, 'models'));
    expect(words).toMatch(/dbt_command\.py build --select a 2$/);
    expect(variables).toEqual(
      expect.arrayContaining([
        'DBT_TARGET=duckdb',
        `DBT_PROFILES_DIR=${join(root, 'models')}`,
        `SPINDLE_DUCKDB_PATH=${join(root, '.spindle/local/warehouse.duckdb')}`,
        'DBT_USE_COLORS=false',
      ]),
    );
    expect(await dbt(['run', '9'])).toMatchObject({ exit: 1 });
  });

  it('hands dbt the login of Snowflake in variables that dbt masks, and says it nowhere', async () => {
    const { dbt, seen } = shop();
    const login = { SPINDLE_SNOWFLAKE_ACCOUNT: 'org-shop', SPINDLE_SNOWFLAKE_USER: 'ann', SPINDLE_SNOWFLAKE_PASSWORD: 'hush-hush' };
    const { exit, stdout, stderr } = await dbt(['build', '--env', 'prod', '--json', '0'], login);
    expect([exit, JSON.parse(stdout)]).toEqual([0, { dbtProject: 'shop', arguments: ['build', '0'], exit: 0 }]);
    expect(stdout + stderr).not.toContain('hush-hush');
    const [, words, ...variables] = seen().trim().split('\n');
    expect(words).not.toContain('hush-hush');
    expect(variables).toEqual(
      expect.arrayContaining(['DBT_TARGET=snowflake', 'DBT_ENV_SECRET_SNOWFLAKE_PASSWORD=hush-hush', 'SPINDLE_SNOWFLAKE_DATABASE=SHOP']),
    );
  });

  it('says what an environment lacks, before anything is started', async () => {
    const { dbt } = shop();
    expect(await dbt(['build', '--env', 'bare'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('The environment "bare" has no transformer.'),
    });
  });
});
