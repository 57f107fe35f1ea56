import { mkdtemp, rm } from 'node:fs/promises';
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
