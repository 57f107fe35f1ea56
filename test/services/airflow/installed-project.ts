import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../../..');

export interface InstalledProject {
  /** Absolute. */
  readonly root: string;
  /** What Airflow's components, and so its tasks, need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What the command line prints as JSON. */
  ask<T>(...args: readonly string[]): T;
  /** The lines of the file `calls`, which the project's functions write. */
  calls(): readonly string[];
  /** Whether there is a file of this name in the folder `switches`, which the project's functions look for. */
  turn(name: string, on: boolean): void;
  remove(): void;
}

/** A project in a folder of its own, in which Spindle is installed as from a registry, with its DAGs generated. */
export function installedProject(source: string, envOf: (root: string) => Readonly<Record<string, string>> = () => ({})): InstalledProject {
  const root = mkdtempSync(join(tmpdir(), 'spindle-installed-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', JSON.stringify({ name: 'installed', type: 'module', spindle: { project: 'src/project.ts' } }));
  write('src/project.ts', source);
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  symlinkSync(REPOSITORY, join(root, 'node_modules/spindle'));
  symlinkSync('../spindle/bin/spindle.js', join(root, 'node_modules/.bin/spindle'));
  const env = { SPINDLE_PROJECT_DIR: root, ...envOf(root) };
  const spindle = (args: readonly string[]) =>
    execFileSync(join(root, 'node_modules/.bin/spindle'), args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' });
  spindle(['generate', 'airflow']);
  const path = join(root, 'calls');
  return {
    root,
    env,
    ask: <T>(...args: readonly string[]) => JSON.parse(spindle([...args, '--json'])) as T,
    calls: () => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []),
    turn: (name, on) => (on ? write(`switches/${name}`, '') : rmSync(join(root, 'switches', name), { force: true })),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
