import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';
import { NOW, spindle } from './clicks-project.ts';

const PROJECT = `
import { asset, defineProject, files, source, table } from 'spindle';
import { duckDb, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

const Play = z.object({ id: z.string(), ms: z.int() });
export const inbox = source('inbox/plays', { store: files('inbox/plays', Play) });
export const legacy = asset('bronze/legacy_plays', { store: table('bronze.legacy_plays', Play, { write: 'append' }), deps: { inbox } }).run(({ inbox }) => inbox);
export const project = defineProject({
  name: 'plays',
  assets: [inbox, legacy],
  environments: { local: { lake: fileSystemStore(), warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

/** As another program would, by way of the lake. */
async function put(root: string, text: string): Promise<void> {
  const lake = await openFileSystemStore({ directory: join(root, '.spindle/local/lake'), faults: noFaults });
  await lake.put('inbox/plays/2026.ndjson', Buffer.from(text), {});
}

describe('dead letters of files from elsewhere', () => {
  it('are listed and shown, and a replay says how they are mended', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    await put(root, '{"id":"a","ms":1}\n{"id":"b"}\n');
    await spindle(root, 'materialize', '--now', NOW);
    expect((await spindle(root, 'dead-letters')).stdout).toMatch(
      /inbox\/plays +1 .*ms: Invalid input: expected number, received undefined/,
    );
    expect(JSON.parse((await spindle(root, 'dead-letters', 'list', '--records', '--topic', 'inbox/plays', '--json')).stdout)).toMatchObject(
      {
        total: 1,
        letters: [{ topic: 'inbox/plays', partition: 0, offset: 2, raw: '{"id":"b"}', object: 'inbox/plays/2026.ndjson' }],
      },
    );
    const shown = await spindle(root, 'dead-letters', 'show', 'inbox/plays/0/2');
    expect(shown.stdout).toContain(
      'now       a line of a file of inbox/plays: put a corrected one in its place, and the next load replaces what it brought',
    );
    const replayed = await runCommand(root, ['dead-letters', 'replay', '--yes']);
    expect(replayed.stdout).toContain('Nothing is to be replayed.');
    expect(replayed.stderr).toContain(
      '1 dead letter is a line of a file from elsewhere, and not replayed: put a corrected file in the place',
    );
    await put(root, '{"id":"a","ms":1}\n{"id":"b","ms":2}\n');
    await spindle(root, 'materialize', '--now', NOW);
    expect((await spindle(root, 'dead-letters')).stdout).toContain('There are no dead letters.');
  });
});
