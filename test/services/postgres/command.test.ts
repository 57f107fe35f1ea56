import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/runtime/errors.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { postgresServer } from './server.ts';

const server = postgresServer();

const PROJECT = `
import { asset, defineProject, value } from 'spindle';
import { fileSystemStore, postgresRunStore } from 'spindle/drivers';
const songs = asset('songs', { store: value() }).run((_, { log }) => {
  log('the password is ${server.password}, the URL ' + process.env.LEAKED);
  return ['one'];
});
const count = asset('count', { store: value(), deps: { songs } }).run(({ songs }) => songs.length);
export const project = defineProject({
  name: 'music',
  assets: [songs, count],
  environments: { production: { lake: fileSystemStore(), runStore: postgresRunStore({ schema: 'music' }) } },
});
`;

describe('a project with its runs in Postgres', () => {
  it('records them there, and no secret', async () => {
    const url = await server.createDatabase();
    const { root } = temporaryProject({ 'src/project.ts': PROJECT.replace('process.env.LEAKED', JSON.stringify(url)) });
    const env = { SPINDLE_POSTGRES_URL: url };
    const made = await runCommand(root, ['materialize'], env);
    expect([made.exit, made.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const logs = await runCommand(root, ['runs', 'logs', '--json'], env);
    expect(logs.stdout).toContain('the password is ***, the URL ***');
    const [{ n } = { n: 0 }] = await server.query<{ n: string }>(url, 'select count(*) as n from music.event');
    expect(Number(n)).toBeGreaterThan(5);
    const stored = await server.query(url, 'select json from music.event');
    for (const text of [made.stdout, made.stderr, logs.stdout, JSON.stringify(stored)]) expect(text).not.toContain(server.password);
  });

  it('keeps them in the schema that the environment names', async () => {
    const url = await server.createDatabase();
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const env = { SPINDLE_POSTGRES_URL: url, SPINDLE_POSTGRES_SCHEMA: 'elsewhere' };
    expect((await runCommand(root, ['runs'], env)).exit).toBe(0);
    expect(await server.query(url, "select nspname from pg_namespace where nspname in ('music', 'elsewhere')")).toEqual([
      { nspname: 'elsewhere' },
    ]);
  });

  it('answers from there what is asked of the record alone', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const env = { SPINDLE_POSTGRES_URL: await server.createDatabase() };
    const stale = async () =>
      JSON.parse((await runCommand(root, ['list', '-s', 'stale', '--json'], env)).stdout) as readonly { key: string }[];
    expect((await stale()).map(({ key }) => key)).toEqual(['songs', 'count']);
    expect((await runCommand(root, ['materialize'], env)).exit).toBe(0);
    expect(await stale()).toEqual([]);
    const plan = await runCommand(root, ['plan', '--offline'], env);
    expect(plan.stdout).toContain('fresh');
    expect(plan.stdout).not.toContain('never materialized');
  });

  const wrong: readonly (readonly [string, () => string, ErrorCode, number])[] = [
    ['a wrong password', () => server.url({ password: 'hunter 22' }), 'RUN_STORE_UNREACHABLE', 1],
    ['a URL of something else', () => 'mysql://me:hunter%2022@host/db', 'VARIABLES_INVALID', 2],
    ['no URL', () => '', 'VARIABLES_INVALID', 2],
  ];
  it.each(wrong)('says what is wrong with %s, and never the password', async (_, url, code, exit) => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const env = { SPINDLE_POSTGRES_URL: url() };
    for (const args of [['runs'], ['runs', '--json'], ['materialize', '--json'], ['doctor', '--json']]) {
      const { exit: ended, stdout, stderr } = await runCommand(root, args, env);
      if (args[0] !== 'doctor') expect([ended, stdout + stderr]).toEqual([exit, expect.stringContaining(code)]);
      for (const secret of ['hunter 22', 'hunter%2022', server.password]) expect(stdout + stderr).not.toContain(secret);
    }
  });
});
