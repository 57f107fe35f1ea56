import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDbtTransformer } from '../../../src/drivers/transformer/dbt.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spindle-python-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

describe('dbt without Python', () => {
  it('says what to install where there is no python3', async () => {
    vi.stubEnv('PATH', root);
    const dbt = openDbtTransformer({ root, python: undefined, directory: join(root, 'dbt'), notify: () => {}, faults: () => {} });
    await expect(dbt.prepare()).rejects.toMatchObject({
      code: 'PYTHON_NOT_FOUND',
      message: 'dbt needs Python, and there is no python3 on the PATH.',
      remedy: expect.stringContaining('apt-get install python3 python3-venv'),
    });
  });

  it('refuses a warehouse in memory before it looks for Python', async () => {
    vi.stubEnv('PATH', root);
    const dbt = openDbtTransformer({ root, python: undefined, directory: join(root, 'dbt'), notify: () => {}, faults: () => {} });
    const building = dbt.build({ dir: root, select: ['x'], target: { dialect: 'memory' } }, () => {});
    await expect(building).rejects.toMatchObject({ code: 'RESOURCE_MISSING' });
  });

  it('can be opened and closed without starting anything', async () => {
    vi.stubEnv('PATH', root);
    const notices: string[] = [];
    await openDbtTransformer({
      root,
      python: undefined,
      directory: join(root, 'dbt'),
      notify: (text) => notices.push(text),
      faults: () => {},
    }).close();
    expect(notices).toEqual([]);
  });
});

describe('the environment of dbt', () => {
  it.each([
    ['duckdb', 'python', 'requirements.txt'],
    ['snowflake', 'python-snowflake', 'requirements-snowflake.txt'],
  ] as const)('holds for %s what dbt needs there and nothing for another warehouse', async (dialect, folder, lock) => {
    await writeFile(join(root, 'python3'), `#!/bin/sh\necho "$2 $3" >> "${root}/asked"\nexit 1\n`, { mode: 0o755 });
    vi.stubEnv('PATH', `${root}:/bin:/usr/bin`);
    const dbt = openDbtTransformer({ root, dialect, python: undefined, directory: join(root, 'dbt'), notify: () => {}, faults: () => {} });
    await expect(dbt.prepare()).rejects.toMatchObject({ code: 'PYTHON_SETUP_FAILED' });
    await expect(dbt.parse(root)).rejects.toMatchObject({ code: 'PYTHON_SETUP_FAILED' });
    const asked = (await readFile(join(root, 'asked'), 'utf8')).trim().split('\n');
    expect(asked).toHaveLength(2);
    for (const line of asked) expect(line).toMatch(new RegExp(`^${root}/.spindle/${folder} .*/python/${lock}$`));
  });
});
