import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

it("an image has the drivers' packages, in the versions that this repository is tested with, and no tool of development", () => {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-require-drivers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/require-drivers.mjs')], { cwd: folder });

  const [before, after] = [manifestOf(ROOT), manifestOf(folder)];
  const peers = Object.keys(before.peerDependencies ?? {});
  expect(peers).toEqual(expect.arrayContaining(['kafkajs', 'minio', 'pg', 'zod']));
  for (const name of peers) expect(after.dependencies[name], name).toBe(before.devDependencies[name]);
  expect(Object.keys(after.dependencies).toSorted()).toEqual([...Object.keys(before.dependencies), ...peers].toSorted());
  expect(Object.values(after.dependencies).filter((version) => !/^\d/.test(version))).toEqual([]);
  expect(after.peerDependencies).toBeUndefined();
  expect(after.devDependencies).not.toHaveProperty('kafkajs');
});
