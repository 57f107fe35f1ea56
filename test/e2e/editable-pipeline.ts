import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { ensurePython } from '../../src/drivers/transformer/python-environment.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The pipeline of this repository in a folder of its own, as a user's project that may be edited. */
export interface EditablePipeline {
  readonly folder: string;
  /** Runs `spindle` and gives what it prints on standard output. */
  spindle(...args: readonly string[]): string;
  /** Puts `to` in place of `from`, which the file must have once; gives what puts it back. */
  edit(file: string, from: string, to: string): () => void;
  remove(): void;
}

export async function editablePipeline(): Promise<EditablePipeline> {
  const python = await ensurePython({ root: ROOT, notify: () => {} });
  const folder = mkdtempSync(join(tmpdir(), 'spindle-editable-'));
  for (const path of ['src/assets', 'dbt', 'package-lock.json']) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "spindle": { "project": "src/assets/project.ts" } }');
  for (const [name, target] of [
    ['spindle', ROOT],
    ['zod', join(ROOT, 'node_modules/zod')],
    ['@faker-js/faker', join(ROOT, 'node_modules/@faker-js/faker')],
  ] as const) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(target, join(folder, 'node_modules', name));
  }
  const { SPINDLE_STATE: _, ...variables } = process.env;
  return {
    folder,
    spindle(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/spindle.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...variables, SPINDLE_PYTHON: python, CI: 'true', NO_COLOR: '1' },
      });
      expect(status, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
      return stdout;
    },
    edit(file, from, to) {
      const path = join(folder, file);
      const before = readFileSync(path, 'utf8');
      expect(before.split(from).length - 1, `${file}: ${from}`).toBe(1);
      writeFileSync(
        path,
        before.replace(from, () => to),
      );
      return () => writeFileSync(path, before);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
