import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIALECTS, type Dialect } from '../../../src/runtime/schema/dialect.ts';
import { SCENARIOS } from '../../codegen/dbt/scenarios.ts';
import { writeDbtProject, writeScenario } from '../../codegen/dbt/write-project.ts';
import { dir as ownProject } from '../../e2e/dbt-project.ts';
import { ensureEnvironment } from '../../python-environment.ts';

const run = promisify(execFile);
const place = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SNOWFLAKE = { SPINDLE_SNOWFLAKE_ACCOUNT: 'a', SPINDLE_SNOWFLAKE_USER: 'u', SPINDLE_SNOWFLAKE_DATABASE: 'd' };

/** The interpreter of each version of dbt, by the warehouse. */
const INTERPRETERS: Readonly<Record<string, (dialect: Dialect) => Promise<string>>> = {
  '1.10': () => ensureEnvironment('dbt-1.10', place('requirements-1.10.txt')),
  '1.11': (dialect) =>
    dialect === 'duckdb'
      ? ensureEnvironment('python', place('../../../python/requirements.txt'))
      : ensureEnvironment('python-snowflake', place('../../../python/requirements-snowflake.txt')),
};

/** What dbt complains of in each of the projects, parsed anew. */
async function complaints(version: string, dialect: Dialect, folders: readonly string[]): Promise<readonly (readonly string[])[]> {
  const python = await INTERPRETERS[version]!(dialect);
  const { stdout } = await run(python, [place('parse.py'), dialect, ...folders], { env: { ...process.env, ...SNOWFLAKE } });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
}

describe.each(Object.keys(INTERPRETERS))('dbt %s', (version) => {
  let root = '';
  let scenarios: readonly (readonly [name: string, folder: string])[] = [];
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'spindle-dbt-parse-'));
    scenarios = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
      writeScenario(join(root, name), scenario).map((folder) => [name, folder] as const),
    );
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each(DIALECTS)('reads what is generated for %s without a warning or a deprecation', async (dialect) => {
    const found = await complaints(version, dialect, [ownProject, ...scenarios.map(([, folder]) => folder)]);
    expect(Object.fromEntries(found.map((said, index) => [scenarios[index - 1]?.[1] ?? 'spotify', said]))).toEqual(
      Object.fromEntries(['spotify', ...scenarios.map(([, folder]) => folder)].map((folder) => [folder, []])),
    );
  });

  it('would have complained of older words', async () => {
    const table = { name: 'users', meta: { a: 1 }, columns: [{ name: 'a', data_tests: [{ accepted_values: { values: ['b'] } }] }] };
    const old = join(root, 'old');
    writeDbtProject(old, { 'models/sources.yml': JSON.stringify({ sources: [{ name: 'bronze', tables: [table] }] }) });
    const [said = []] = await complaints(version, 'snowflake', [old]);
    // Keys that moved to `config` are looked for since 1.11, and for Snowflake alone.
    expect(said.join('\n')).toMatch(version === '1.10' ? /top-level arguments/ : /`meta` as a top-level property[^]*top-level arguments/);
  });
});
