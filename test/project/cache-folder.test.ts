import type * as FileSystem from 'node:fs';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder } from '../../src/project/cache-folder.ts';
import { codeVersionsOf } from '../../src/project/code-versions.ts';
import { temporaryProject } from './temporary-project.ts';

/** The folder in which writing fails, and how: permissions would not stop a test that runs as root. */
const refused = vi.hoisted(() => ({ root: '', code: '' }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  const refuse = (path: unknown) => {
    if (refused.root !== '' && String(path).startsWith(refused.root)) throw Object.assign(new Error('refused'), { code: refused.code });
  };
  return {
    ...fs,
    mkdirSync: (path: string, options?: object) => {
      if (!fs.existsSync(path)) refuse(path);
      return fs.mkdirSync(path, options);
    },
    accessSync: (path: string, mode?: number) => {
      if (mode === fs.constants.W_OK) refuse(path);
      fs.accessSync(path, mode);
    },
    writeFileSync: (path: string, content: string) => {
      refuse(path);
      fs.writeFileSync(path, content);
    },
  };
});

const FILES = {
  'node_modules/near/package.json': '{ "name": "near", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/near/index.js': 'export const near = 7;',
  'src/project.ts': `
    import { asset, defineProject } from 'spindle';
    import { near } from 'near';
    export const plays = asset('plays').run(() => near);
    export const project = defineProject({ name: 'temporary', assets: [plays], environments: { local: {} } });`,
};

describe('the cache of a project whose folder cannot be written', () => {
  let temporary = '';
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'spindle-temporary-'));
  });
  afterEach(() => {
    Object.assign(refused, { root: '', code: '' });
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true, force: true });
  });
  const refuse = (root: string, code = 'EROFS') => {
    vi.stubEnv('TMPDIR', temporary);
    Object.assign(refused, { root, code });
  };

  it.each(['EACCES', 'EROFS', 'EPERM'])(
    'lies in a private folder for temporary files after %s, where packages of the project resolve',
    async (code) => {
      const { root, load } = temporaryProject(FILES);
      refuse(root, code);
      const loaded = await load();
      expect(loaded.project.assets[0]?.definition.run?.({}, {})).toBe(7);
      expect(loaded.bundle.path.startsWith(temporary + sep)).toBe(true);
      expect(existsSync(join(root, '.spindle'))).toBe(false);
      expect(statSync(join(temporary, readdirSync(temporary)[0] ?? '')).mode & 0o777).toBe(0o700);
      const versions = await codeVersionsOf(loaded);
      expect((await load()).bundle).toMatchObject({ path: loaded.bundle.path, contentKey: loaded.bundle.contentKey });
      expect(await codeVersionsOf(await load())).toEqual(versions);
    },
  );

  it('is the one that the project came with, while no source changes', async () => {
    const { root, load } = temporaryProject(FILES);
    const before = await load();
    await codeVersionsOf(before);
    refuse(root);
    const after = await load();
    expect(after.bundle.path).toBe(before.bundle.path);
    await codeVersionsOf(after);
    expect(readdirSync(temporary, { recursive: true }).filter((name) => /code-versions\.json$|\.mjs$/.test(String(name)))).toEqual([]);
  });

  it('differs between projects, and is refused where others may write to it', () => {
    const [one, two] = [join(temporary, 'one'), join(temporary, 'two')];
    for (const root of [one, two]) mkdirSync(root);
    refuse(temporary);
    refused.root = one;
    const first = cacheFolder(one);
    refused.root = two;
    expect(cacheFolder(two)).not.toBe(first);
    refused.root = one;
    for (const name of readdirSync(temporary).filter((entry) => entry.startsWith('spindle-'))) chmodSync(join(temporary, name), 0o777);
    expect(() => cacheFolder(one)).toThrow(/belongs to another user/);
  });

  it('is not sought elsewhere for any other failure', () => {
    const { root } = temporaryProject({ '.spindle': 'a file where the folder should be' });
    expect(() => cacheFolder(root)).toThrow(/ENOTDIR|EEXIST/);
  });
});
