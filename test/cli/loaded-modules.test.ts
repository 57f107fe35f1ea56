import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const SDK = /node_modules\/(@duckdb|libsql|@libsql|kafkajs|minio|snowflake-sdk|pg|@faker-js|rolldown|@rolldown)\//;
const DRIVER =
  /dist\/(chunks\/(dbt|duckdb|embedded|file-system|sqlite|python-environment)-[^/]*\.js|drivers\/(broker|object-store|transformer|warehouse)\/)/;

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** This project, its bundle in the cache; a `python3` that leaves a note stands first in the path. */
describe('a command that needs no driver', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spindle-modules-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/python3'), `#!/bin/sh\ntouch '${folder}/python-ran'\nexit 1\n`);
    chmodSync(join(folder, 'bin/python3'), 0o755);
    // Bundles the project and computes the versions of its code, where nothing did so before.
    await runCli(ROOT, ['plan', '--offline'], { SPINDLE_STATE: join(folder, 'state') });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The files of every module that a process loads: what V8 reports as covered. */
  async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
    const coverage = mkdtempSync(join(folder, 'coverage-'));
    const { exit, stderr } = await runCli(ROOT, args, {
      NODE_V8_COVERAGE: coverage,
      SPINDLE_STATE: join(folder, 'state'),
      PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`,
    });
    expect(exit, stderr).toBe(0);
    const reports = readdirSync(coverage).filter((name) => name.endsWith('.json'));
    // A child process would write a report of its own.
    expect(reports).toHaveLength(1);
    return reports.flatMap((name) => (JSON.parse(readFileSync(join(coverage, name), 'utf8')) as Coverage).result.map(({ url }) => url));
  }

  it.each([
    [['list']],
    [['list', '--select', 'stale', '--env', 'local']],
    [['list', '--env', 'compose-snowflake']],
    [['graph']],
    [['graph', '--select', 'missing']],
    [['graph', '--format', 'svg']],
    [['plan', '--offline']],
    [['explain', 'gold/top_songs', '--offline']],
    [['--help']],
    [['backfill', '--help']],
    [['partitions', '--help']],
    [['generate', '--help']],
    [['warehouse', '--help']],
    [['generate', 'airflow', '--check']],
  ])('loads none, and starts no Python: %j', async (args) => {
    const modules = await loadedBy(...args);
    expect(modules.some((url) => url.endsWith('dist/cli/main.js'))).toBe(true);
    expect(modules.filter((url) => SDK.test(url) || DRIVER.test(url))).toEqual([]);
    expect(readdirSync(folder)).not.toContain('python-ran');
  });

  it.each([[['runs']], [['runs', '--status', 'failed']], [['partitions', 'list', 'gold/daily_digest']]])(
    'loads the run store alone where it reads what was recorded: %j',
    async (args) => {
      const modules = await loadedBy(...args);
      const others = modules.filter((url) => (SDK.test(url) || DRIVER.test(url)) && !/libsql|sqlite/.test(url));
      expect(others).toEqual([]);
      expect(modules.some((url) => /libsql/.test(url))).toBe(true);
    },
  );

  it('would be found out: the query that opens the warehouse loads its driver', async () => {
    const coverage = mkdtempSync(join(folder, 'coverage-'));
    await runCli(ROOT, ['query', 'select 1'], { NODE_V8_COVERAGE: coverage, SPINDLE_STATE: join(folder, 'state') });
    const [report = ''] = readdirSync(coverage);
    const { result } = JSON.parse(readFileSync(join(coverage, report), 'utf8')) as Coverage;
    expect(result.filter(({ url }) => SDK.test(url)).length).toBeGreaterThan(0);
    expect(result.filter(({ url }) => DRIVER.test(url)).length).toBeGreaterThan(0);
  });
});
