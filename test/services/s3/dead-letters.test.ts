import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clicksFiles, clickModule, NOW, SCHEMA } from '../../cli/dead-letters/clicks-project.ts';
import { startCli } from '../../cli/run-cli.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { newBucketName } from './open.ts';
import { S3_SERVERS, startS3 } from './server.ts';

const ACCOUNT = `select count(*) as records, count(distinct (p, o)) as different, sum(is_row) as loaded from (
  select _partition as p, _offset as o, 1 as is_row from bronze.clicks union all select "partition", "offset", 0 from bronze.dead_letters)`;

describe.each(S3_SERVERS)('dead letters whose lake is on %s', (name) => {
  it('are replayed once, though the first replay is killed and several others run at once', async () => {
    const server = await startS3({ server: name });
    try {
      const files = clicksFiles({ schema: SCHEMA.narrow, ownTable: true });
      const project = String(files['src/project.ts']).replace('fileSystemStore,', 'minio,').replace('fileSystemStore()', 'minio()');
      const { root, write } = temporaryProject({ ...files, 'src/project.ts': project });
      const env = { ...server.variables, SPINDLE_S3_BUCKET: newBucketName() };
      const run = async (...args: readonly string[]) => {
        const outcome = await runCommand(root, args, env);
        expect(outcome.exit, `${args.join(' ')}\n${outcome.stdout}${outcome.stderr}`).toBe(0);
        return outcome.stdout;
      };
      const account = async () => JSON.parse(await run('query', ACCOUNT, '--json')) as unknown;
      await run('lake', 'init');
      await run('materialize', '--now', NOW);
      expect(await account()).toEqual([{ records: 12, different: 12, loaded: 6 }]);

      write({ 'src/click.ts': clickModule(SCHEMA.right) });
      const log = join(root, 'fault.log');
      const replay = (extra: Readonly<Record<string, string>> = {}) =>
        startCli(root, ['dead-letters', 'replay', '--yes', '--now', NOW], { ...env, ...extra }).ended;
      const killed = await replay({ SPINDLE_FAULT: 'replay.after-put', SPINDLE_FAULT_LOG: log });
      expect(killed.signal, killed.stdout + killed.stderr).toBe('SIGKILL');
      expect(readFileSync(log, 'utf8')).toBe('fault hit: replay.after-put@1\n');
      expect(await account()).toEqual([{ records: 12, different: 12, loaded: 6 }]);
      for (const { exit, stdout, stderr } of await Promise.all([replay(), replay(), replay()])) expect(exit, stdout + stderr).toBe(0);
      expect(await account()).toEqual([{ records: 12, different: 12, loaded: 10 }]);
    } finally {
      await server.stop();
    }
  });
});
