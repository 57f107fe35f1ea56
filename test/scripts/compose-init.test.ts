import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'scripts/compose-init.mjs');

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-compose-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const initialize = (folder: string, ...options: readonly string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...options], { cwd: folder, encoding: 'utf8' });

const variables = (path: string): ReadonlyMap<string, string> =>
  new Map([...readFileSync(path, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

describe('npm run compose:init', () => {
  it('is a script of the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['compose:init']).toBe('node scripts/compose-init.mjs');
  });

  it('writes a value for every variable of the example but those of Snowflake, for nobody else to read', () => {
    const folder = emptyFolder();
    const { status, stdout, stderr } = initialize(folder);
    expect([status, stderr]).toEqual([0, '']);
    const written = variables(join(folder, '.env'));
    const example = variables(join(ROOT, '.env.example'));
    expect([...written.keys()]).toEqual([...example.keys()]);
    expect([...written].filter(([name, value]) => (value === '') !== name.startsWith('SPINDLE_SNOWFLAKE_'))).toEqual([]);
    expect([...example.values()].filter((value) => value !== '')).toEqual([]);
    expect((statSync(join(folder, '.env')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(folder)).toEqual(['.env']);
    for (const [name, value] of written) if (isSecret(name)) expect(stdout).not.toContain(value);
  });

  it('makes secrets that are long, all different, new each time, and whole in a URL', () => {
    const [one, other] = [emptyFolder(), emptyFolder()].map((folder) => {
      expect(initialize(folder).status).toBe(0);
      return [...variables(join(folder, '.env'))].flatMap(([name, value]) => (isSecret(name) ? [value] : []));
    });
    const all = [...(one ?? []), ...(other ?? [])];
    expect(all).toHaveLength(16);
    expect(new Set(all).size).toBe(all.length);
    for (const value of all) expect(value).toMatch(/^[\w=-]{32,}$/);
  });

  it('makes a key that Fernet takes, and a user for Airflow who is not root', () => {
    const folder = emptyFolder();
    initialize(folder);
    const written = variables(join(folder, '.env'));
    const key = written.get('AIRFLOW_FERNET_KEY') ?? '';
    expect(key).toMatch(/^[\w-]{43}=$/);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(Number(written.get('AIRFLOW_UID'))).toBe(process.getuid?.() === 0 ? 50_000 : process.getuid?.());
  });

  it('leaves a file that is there as it is, unless it is told to replace it', () => {
    const folder = emptyFolder();
    const path = join(folder, '.env');
    writeFileSync(path, 'MINE=1\n');
    const refused = initialize(folder);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('--force');
    expect(refused.stderr).toContain('docker compose down --volumes');
    expect(readFileSync(path, 'utf8')).toBe('MINE=1\n');

    expect(initialize(folder, '--force').status).toBe(0);
    expect(readFileSync(path, 'utf8')).not.toContain('MINE');
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });

  it('refuses options that it does not know', () => {
    const folder = emptyFolder();
    expect(initialize(folder, '--forse')).toMatchObject({ status: 1, stderr: expect.stringContaining('--forse') as string });
    expect(readdirSync(folder)).toEqual([]);
  });
});

const isSecret = (name: string): boolean => /PASSWORD|SECRET|KEY/.test(name) && !name.startsWith('SPINDLE_SNOWFLAKE_');
