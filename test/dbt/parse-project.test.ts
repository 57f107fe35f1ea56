import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseProject, readCommittedProject } from '../../src/dbt/parse-project.ts';
import { manifestOf } from './manifest.ts';

let dir: string;
let parsed: number;
const parse = async () => {
  parsed += 1;
  return manifestOf();
};
beforeEach(async () => {
  parsed = 0;
  dir = await mkdtemp(join(tmpdir(), 'spindle-dbt-'));
  await mkdir(join(dir, 'models'));
  await writeFile(join(dir, 'dbt_project.yml'), 'name: shop\n');
  await writeFile(join(dir, 'models', 'sales.sql'), 'select 1\n');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('parsing a dbt project', () => {
  it('asks dbt once, and then reads what it kept', async () => {
    const first = await parseProject(dir, parse);
    expect(await parseProject(dir, parse)).toEqual(first);
    expect(parsed).toBe(1);
    expect((await readdir(dir)).toSorted()).toEqual(['dbt_project.yml', 'manifest.json', 'models']);
  });

  it.each([
    ['a model changes', 'models/sales.sql', 'select 2\n'],
    ['a model is added', 'models/other.sql', 'select 1\n'],
    ['a test is added', 'tests/other.sql', 'select 1\n'],
    ['the project is configured otherwise', 'dbt_project.yml', 'name: shop\nprofile: x\n'],
  ])('asks dbt again when %s', async (_, path, text) => {
    await parseProject(dir, parse);
    await mkdir(join(dir, 'tests'));
    await writeFile(join(dir, path), text);
    expect(await readCommittedProject(dir)).toMatchObject({ stale: true, graph: { name: 'shop' } });
    await parseProject(dir, parse);
    expect(parsed).toBe(2);
    expect((await readCommittedProject(dir)).stale).toBe(false);
  });

  it('does not mind what dbt writes, the README or where the project lies', async () => {
    await parseProject(dir, parse);
    await mkdir(join(dir, 'target'));
    await mkdir(join(dir, 'logs'));
    await writeFile(join(dir, 'target', 'compiled.sql'), 'select 1');
    await writeFile(join(dir, 'logs', 'dbt.log'), 'x');
    await writeFile(join(dir, 'README.md'), 'x');
    const moved = await mkdtemp(join(tmpdir(), 'spindle-dbt-'));
    await cp(dir, moved, { recursive: true });
    expect((await readCommittedProject(moved)).stale).toBe(false);
    await rm(moved, { recursive: true });
  });

  it('reads nothing where nothing was committed', async () => {
    expect(await readCommittedProject(dir)).toEqual({ graph: undefined, stale: true });
  });

  it('keeps the old manifest where dbt fails', async () => {
    await parseProject(dir, parse);
    const before = await readFile(join(dir, 'manifest.json'), 'utf8');
    await writeFile(join(dir, 'models', 'sales.sql'), 'broken');
    await expect(parseProject(dir, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await readFile(join(dir, 'manifest.json'), 'utf8')).toBe(before);
  });
});
