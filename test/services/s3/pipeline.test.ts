import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../../src/drivers/broker/embedded.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { PLAYS } from '../../cli/plays-project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { newBucketName, openStore } from './open.ts';
import { S3_SERVERS, startS3 } from './server.ts';

const PROJECT = PLAYS.replace('duckDb, embeddedBroker, fileSystemStore,', 'duckDb, embeddedBroker, minio,').replace(
  'lake: fileSystemStore()',
  "lake: minio({ prefix: 'music' })",
);

describe.each(S3_SERVERS)('a pipeline whose lake is on %s', (name) => {
  it('lands and loads each record once, sets aside what is malformed, and refuses an object that was cut', async () => {
    const server = await startS3({ server: name });
    try {
      const { root } = temporaryProject({ 'src/project.ts': PROJECT });
      const bucket = newBucketName();
      const env = { ...server.variables, SPINDLE_S3_BUCKET: bucket };
      const run = (...args: string[]) => runCommand(root, args, env);
      const rows = async (sql: string) => JSON.parse((await run('query', sql, '--json')).stdout) as readonly unknown[];
      const materialize = (select: string, ...rest: string[]) => run('materialize', '-s', select, ...rest);
      const COUNTS = 'select (select count(*) from bronze.plays) as plays, (select count(*) from bronze.dead_letters) as dead';

      expect((await run('lake', 'init')).exit).toBe(0);
      expect((await materialize('not gold/days', '--config', 'stream/plays.events=500')).exit).toBe(0);
      expect(await rows(COUNTS)).toEqual([{ plays: 500, dead: 0 }]);

      const broker = await openEmbeddedBroker({ directory: join(root, '.spindle/local/broker'), faults: noFaults });
      const malformed = ['{"id":1}', 'no JSON'].map((value) => ({
        partition: 0,
        key: null,
        value: Buffer.from(value),
        headers: {},
        timestamp: 1_750_000_000_000,
      }));
      await broker.produce('plays', malformed);
      await broker.close();
      expect((await materialize('lake/plays+')).exit).toBe(0);
      expect(await rows(COUNTS)).toEqual([{ plays: 500, dead: 2 }]);
      expect(await rows("select raw, object like 'plays/plays/i0001/p000/%' as chained from bronze.dead_letters order by raw")).toEqual([
        { raw: 'no JSON', chained: true },
        { raw: '{"id":1}', chained: true },
      ]);

      const store = await openStore(server, { bucket, prefix: 'music' });
      const objects = [];
      for await (const object of store.list('plays/')) if (object.key.endsWith('.gz')) objects.push(object);
      expect(objects.length).toBeGreaterThan(2);

      const [cut] = objects;
      if (cut === undefined) throw new Error('There is no object.');
      const head = await store.head(cut.key);
      await store.put(cut.key, (await store.get(cut.key)).slice(0, -20), head?.metadata ?? {});
      const refused = await materialize('bronze/plays', '--full-refresh', '--force');
      expect(refused.exit).toBe(1);
      expect(refused.stdout + refused.stderr).toMatch(new RegExp(`error\\[(OBJECT_UNREADABLE|LOAD_COUNT_MISMATCH)\\].*${cut.key}`));
      expect(await rows(COUNTS)).toEqual([{ plays: 500, dead: 2 }]);
      const staging = join(root, '.spindle/local');
      expect(readdirSync(staging, { recursive: true }).filter((file) => String(file).includes('+'))).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
