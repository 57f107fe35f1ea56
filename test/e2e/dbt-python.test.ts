import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensurePython, pythonFile } from '../../src/drivers/transformer/python-environment.ts';
import { openDbtTransformer } from '../../src/drivers/transformer/dbt.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spindle-python-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

const notify = () => {};

describe('setting up Python', () => {
  it('names the Debian package where python3 has no venv module', async () => {
    await writeFile(join(root, 'ensurepip.py'), 'raise ImportError("as Debian leaves it")\n');
    vi.stubEnv('PYTHONPATH', root);
    await expect(ensurePython({ root, notify })).rejects.toMatchObject({
      code: 'PYTHON_NOT_FOUND',
      message: 'dbt needs Python 3.10 or newer with its venv module, but python3 has no venv module.',
      remedy: expect.stringContaining('apt-get install python3 python3-venv'),
    });
  });

  it('refuses a python3 that is too old', async () => {
    await writeFile(join(root, 'sitecustomize.py'), 'import sys\nsys.version_info = (3, 9, 2, "final", 0)\n');
    vi.stubEnv('PYTHONPATH', root);
    await expect(ensurePython({ root, notify })).rejects.toMatchObject({
      code: 'PYTHON_NOT_FOUND',
      message: expect.stringContaining('python3 is Python 3.9'),
    });
  });

  it('tells what pip said where a package cannot be had, and does not take the rest for an environment', async () => {
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', '');
    await expect(ensurePython({ root, notify })).rejects.toMatchObject({
      code: 'PYTHON_SETUP_FAILED',
      message: expect.stringContaining('No matching distribution found for agate'),
    });
    await expect(ensurePython({ root, notify })).rejects.toMatchObject({ code: 'PYTHON_SETUP_FAILED' });
  });

  it('says so where the Python that was named has no dbt', async () => {
    const python = join(root, 'python');
    await writeFile(python, '#!/bin/sh\necho "No module named dbt" >&2\nexit 1\n', { mode: 0o755 });
    const dbt = openDbtTransformer({ root, python, directory: root, notify, faults: () => {} });
    await expect(dbt.prepare()).rejects.toMatchObject({
      code: 'PYTHON_SETUP_FAILED',
      message: expect.stringContaining('No module named dbt'),
    });
    const missing = openDbtTransformer({ root, python: join(root, 'no-python'), directory: root, notify, faults: () => {} });
    await expect(missing.prepare()).rejects.toMatchObject({ code: 'PYTHON_SETUP_FAILED', message: expect.stringContaining('no-python') });
  });
});

describe('make_environment.py', () => {
  const start = () =>
    spawn('python3', [pythonFile('make_environment.py'), join(root, 'python'), join(root, 'lock.txt')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const reports = async (child: ReturnType<typeof start>) => {
    const ended = once(child, 'close');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout }))
      lines.push((JSON.parse(line) as { progress: string }).progress.replace('setting up Python for dbt: ', ''));
    expect(await ended).toEqual([0, null]);
    return lines;
  };
  const made = ['virtual environment', expect.stringContaining('packages'), 'done'];

  it('sets up once where two ask at the same time', async () => {
    await writeFile(join(root, 'lock.txt'), '');
    const both = await Promise.all([reports(start()), reports(start())]);
    expect(both.toSorted((a, b) => a.length - b.length)).toEqual([['waiting for another process that does it'], made]);
  });

  it('starts over after it was killed in the middle, and when the lock file changed', async () => {
    const lock = join(root, 'lock.txt');
    await writeFile(lock, '');
    const killed = start();
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(existsSync(join(root, 'python', 'spindle-stamp'))).toBe(false);
    expect((await reports(start())).slice(-3)).toEqual(made);
    expect(await reports(start())).toEqual([]);
    await writeFile(lock, '# changed\n');
    expect(await reports(start())).toEqual(made);
    expect(await readFile(join(root, 'python', 'spindle-stamp'), 'utf8')).toMatch(/^[0-9a-f]{64} \//);
  });
});
