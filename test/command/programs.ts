import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export interface Programs {
  /** Where they lie, with the helper for Python. */
  cwd(): string;
  /** Writes a script, and gives the command that runs it. */
  python(name: string, script: string): Promise<readonly string[]>;
}

/** A folder for the programs of one file of tests. */
export function programs(): Programs {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'spindle-command-test-'));
    await writeFile(join(cwd, 'spindle_pipes.py'), await readFile(new URL('../../python/spindle_pipes.py', import.meta.url)));
  });
  afterAll(() => rm(cwd, { recursive: true, force: true }));
  return {
    cwd: () => cwd,
    async python(name, script) {
      await writeFile(join(cwd, name), script);
      return ['python3', name];
    },
  };
}
