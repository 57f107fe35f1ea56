import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../../cli/dead-letters/clicks-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { clicksInSnowflake } from './clicks.ts';
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
    const { root, env: place } = clicksInSnowflake(emulator, 'TAGS');
    const env = { ...place, SPINDLE_SNOWFLAKE_PASSWORD: 'any' };
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
