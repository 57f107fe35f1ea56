import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseProject, readCommittedProject } from '../../src/dbt/parse-project.ts';
import { manifestOf, nodeOf } from './manifest.ts';

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

  it.each([
    ['is not JSON', '<<<<<<< HEAD\n{}'],
    ['is of another version', '{ "files": "x", "metadata": {} }'],
  ])('makes a manifest anew that %s, and says what to do where it may not', async (_, text) => {
    await writeFile(join(dir, 'manifest.json'), text);
    await expect(readCommittedProject(dir)).rejects.toMatchObject({ code: 'DBT_FAILED', remedy: expect.stringContaining('spindle plan') });
    expect((await parseProject(dir, parse)).name).toBe('shop');
    expect((await readCommittedProject(dir)).stale).toBe(false);
  });

  it('knows a large seed, of which dbt hashes the path alone, by its content', async () => {
    const withSeed = async () => {
      const manifest = manifestOf();
      (manifest['nodes'] as Record<string, unknown>)['seed.shop.cities'] = nodeOf('seed.shop.cities', ['shop', 'cities'], {
        original_file_path: 'seeds/cities.csv',
        checksum: { name: 'path', checksum: 'seeds/cities.csv' },
      });
      return manifest;
    };
    await mkdir(join(dir, 'seeds'));
    const versions: string[] = [];
    for (const text of ['name\na\n', 'name\nb\n', 'name\na\n']) {
      await writeFile(join(dir, 'seeds', 'cities.csv'), text);
      const { nodes } = await parseProject(dir, withSeed);
      versions.push(nodes.find(({ key }) => key === 'cities')!.codeVersion);
    }
    expect(versions[0]).toBe(versions[2]);
    expect(versions[0]).not.toBe(versions[1]);
  });

  it('leaves a whole manifest where several processes parse at once', async () => {
    await Promise.all([1, 2, 3].map(() => parseProject(dir, parse)));
    expect((await readCommittedProject(dir)).stale).toBe(false);
    expect((await readdir(dir)).filter((name) => name.startsWith('manifest'))).toEqual(['manifest.json']);
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
