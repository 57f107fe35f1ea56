import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clicksFiles, NOW, SCHEMA } from '../../cli/dead-letters/clicks-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { createDatabase } from './open.ts';
import { startEmulator, type Emulator } from './server.ts';

describe('the query tag of a statement', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    await createDatabase(emulator, 'TAGS');
    await emulator.forget();
  });
  afterAll(() => emulator.stop());

  it('says whose work it is: project, asset and run', async () => {
    const files = clicksFiles({ schema: SCHEMA.narrow, ownTable: true });
    const project = String(files['src/project.ts']).replace('duckDb,', 'snowflake,').replace('duckDb()', 'snowflake()');
    const { root } = temporaryProject({ ...files, 'src/project.ts': project });
    const env = {
      SPINDLE_SNOWFLAKE_ACCOUNT: 'emulator',
      SPINDLE_SNOWFLAKE_USER: 'SPINDLE',
      SPINDLE_SNOWFLAKE_PASSWORD: 'any',
      SPINDLE_SNOWFLAKE_DATABASE: 'TAGS',
      SPINDLE_SNOWFLAKE_URL: emulator.url,
    };
    expect((await runCommand(root, ['materialize', '--now', NOW], env)).exit).toBe(0);
    const runs = JSON.parse((await runCommand(root, ['runs', '--json'], env)).stdout) as readonly { readonly run: string }[];
    const statements = await emulator.statements();
    const writing = statements.filter(({ sql }) => /^(INSERT INTO "BRONZE"|COPY|PUT|COMMIT|BEGIN)/.test(sql));
    expect(writing.length).toBeGreaterThan(4);
    for (const { tag } of writing)
      expect(JSON.parse(tag ?? 'null')).toEqual({ app: 'spindle', project: expect.any(String), asset: 'bronze/clicks', run: runs[0]?.run });
    expect(statements.filter(({ tag }) => !tag?.startsWith('{"app":"spindle"'))).toEqual([]);
  });
});
