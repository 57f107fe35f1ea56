import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findProject } from '../../src/project/find-project.ts';
import { loadProject, type LoadedProject } from '../../src/project/load-project.ts';

export type Files = Readonly<Record<string, string>>;

export interface TemporaryProject {
  readonly root: string;
  write(files: Files): void;
  load(): Promise<LoadedProject>;
}

const MANIFEST = JSON.stringify({ name: 'temporary', type: 'module', spindle: { project: 'src/project.ts' } });

/** A project in a folder of its own, without node_modules; removed when the test ends. */
export function temporaryProject(files: Files): TemporaryProject {
  const root = mkdtempSync(join(tmpdir(), 'spindle-project-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (changed: Files) => {
    for (const [path, content] of Object.entries(changed)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  write({ 'package.json': MANIFEST, ...files });
  return { root, write, load: () => loadProject(findProject(root)) };
}

/** Runs Node on a module given as text, in the folder; what it prints on standard output. Fails where it exits with another status than 0. */
export function runModule(code: string, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', code], { cwd }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}
