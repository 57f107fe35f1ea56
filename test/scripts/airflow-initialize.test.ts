import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../airflow/initialize.sh');

/** Runs the script beside a project of these files, with an `airflow` that writes down how it is called. */
function initialize(files: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-initialize-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'airflow'));
  mkdirSync(join(folder, 'bin'));
  for (const file of files) writeFileSync(join(folder, 'airflow', file), '{}');
  const [calls, passwords] = [join(folder, 'calls'), join(folder, 'passwords.json')];
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  program('airflow', `echo "$*" >>'${calls}'`);
  program('python', 'exec python3 "$@"');
  const { status, stderr } = spawnSync('bash', [SCRIPT], {
    encoding: 'utf8',
    env: {
      PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
      SPINDLE_PROJECT_DIR: folder,
      AIRFLOW_ADMIN_USER: 'admin',
      AIRFLOW_ADMIN_PASSWORD: 'a word of mine',
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwords,
    },
  });
  return { status, stderr, folder, passwords, calls: readFileSync(calls, 'utf8').trimEnd().split('\n') };
}

describe('what initializes Airflow in its container', () => {
  it('makes tables and pools, and lets in who has the password, which nobody else may read', () => {
    const { status, stderr, folder, passwords, calls } = initialize(['ledger.json', 'pools.json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(calls).toEqual(['db migrate', `pools import ${join(folder, 'airflow/pools.json')}`]);
    expect(JSON.parse(readFileSync(passwords, 'utf8'))).toEqual({ admin: 'a word of mine' });
    expect((statSync(passwords).mode & 0o777).toString(8)).toBe('600');
  });

  it('makes no pools where the DAGs wait in none, as those for Snowflake do', () => {
    const { status, stderr, calls, passwords } = initialize(['ledger.json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(calls).toEqual(['db migrate']);
    expect(JSON.parse(readFileSync(passwords, 'utf8'))).toEqual({ admin: 'a word of mine' });
  });
});
