import { execFileSync } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledChild } from '../bundled-child.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const file = bundledChild(new URL('opening-child.ts', import.meta.url));

describe('the Postgres run store', () => {
  it('names the command that installs its driver where that is not installed', async () => {
    const elsewhere = join(await temporaryFolder(), 'child.mjs');
    await copyFile(file, elsewhere);
    expect(JSON.parse(execFileSync(process.execPath, [elsewhere], { encoding: 'utf8' }))).toEqual({
      code: 'DEPENDENCY_NOT_INSTALLED',
      message: '"pg", which the Postgres run store needs, is not installed.',
      remedy: 'Run: npm install pg',
    });
    expect(JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }))).toMatchObject({ code: 'RUN_STORE_UNREACHABLE' });
  });
});
