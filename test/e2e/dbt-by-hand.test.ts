import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ensurePython } from '../../src/drivers/transformer/python-environment.ts';
import { generate } from './bronze.ts';
import { dir, root, useDbt } from './dbt-project.ts';

const run = promisify(execFile);
const rig = useDbt();

describe('dbt typed by hand in the folder of the dbt project, without Spindle', () => {
  it('builds all models and tests, tells how fresh the sources are, and writes its docs', async () => {
    const path = await rig.warehouse('by-hand');
    await generate(path, 1000);
    const copy = join(rig.directory, 'by-hand');
    await cp(dir, copy, { recursive: true, filter: (from) => !/[/\\](target|logs)$/.test(from) });
    const program = join(dirname(await ensurePython({ root, notify: () => {} })), 'dbt');
    const dbt = (...args: readonly string[]) =>
      run(program, args, { cwd: copy, env: { ...process.env, SPINDLE_DUCKDB_PATH: path } }).then(
        ({ stdout }) => ({ exit: 0, stdout }),
        ({ code, stdout }: { readonly code: number; readonly stdout: string }) => ({ exit: code, stdout }),
      );

    const built = await dbt('build');
    expect(built, built.stdout).toMatchObject({ exit: 0, stdout: expect.stringMatching(/Done\. PASS=\d{2,} WARN=0 ERROR=0 SKIP=0/) });
    // The rows are of January 2026: that they are old is what it has to find.
    const sources = join(copy, 'models/_generated/sources.yml');
    const yaml = await readFile(sources, 'utf8');
    const limit = 'freshness: { warn_after: { count: 1, period: day } }';
    await writeFile(sources, yaml.replace('loaded_at_field: _loaded_at', `$&\n          ${limit}`));
    const freshness = await dbt('source', 'freshness');
    expect(freshness).toMatchObject({ exit: 0, stdout: expect.stringMatching(/WARN freshness of bronze\.listening_events/) });
    expect((await dbt('docs', 'generate', '--static')).exit).toBe(0);
    const page = await readFile(join(copy, 'target/static_index.html'), 'utf8');
    expect(page).toContain('model.spotify.top_songs');
  });
});
