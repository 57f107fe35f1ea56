import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEnvironment } from '../../python-environment.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LOCK = join(ROOT, 'test/services/dbt/requirements-sqlfluff.txt');

interface Linted {
  readonly filepath: string;
  readonly violations: readonly { readonly code: string; readonly start_line_no: number; readonly description: string }[];
}

let folder: string;
let sqlfluff: string;
beforeAll(async () => {
  sqlfluff = join(dirname(await ensureEnvironment('sqlfluff', LOCK)), 'sqlfluff');
  folder = await mkdtemp(join(tmpdir(), 'spindle-lint-'));
  await cp(join(ROOT, 'dbt'), folder, { recursive: true, filter: (path) => !/[/\\](target|logs)$/.test(path) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function findings(): Promise<{ readonly files: readonly string[]; readonly found: readonly string[] }> {
  const env = { ...process.env, SPINDLE_DUCKDB_PATH: join(folder, 'lint.duckdb'), DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
  const report = join(folder, 'report.json');
  const words = ['lint', 'models', 'tests', 'macros', '--format', 'json', '--write-output', report];
  // It ends with 1 where it finds anything.
  await run(sqlfluff, words, { cwd: folder, env, maxBuffer: 1 << 26 }).catch((error: { readonly code?: unknown }) => {
    if (error.code !== 1) throw error;
  });
  const files = JSON.parse(await readFile(report, 'utf8')) as readonly Linted[];
  return {
    files: files.map(({ filepath }) => filepath),
    found: files.flatMap(({ filepath, violations }) =>
      violations.map(({ code, start_line_no: line, description }) => `${filepath}:${line} ${code} ${description}`),
    ),
  };
}

describe('the SQL of the dbt project', () => {
  it('is clean by sqlfluff, rendered by dbt', async () => {
    const { files, found } = await findings();
    expect(found).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['models/gold/top_songs.sql', 'models/silver/listening_events.sql', 'tests/device_shares_sum_to_one.sql']),
    );
  });

  it('is looked at: what breaks a rule is found', async () => {
    await writeFile(join(folder, 'models/gold/careless.sql'), "select song_id FROM {{ ref('top_songs') }}\n");
    expect((await findings()).found).toContainEqual(expect.stringMatching(/models\/gold\/careless\.sql:1 CP01 /));
  });
});
