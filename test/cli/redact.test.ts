import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRedactor } from '../../src/cli/redact.ts';
import { secretValues } from '../../src/cli/secret-variables.ts';
import { temporaryProject } from '../project/temporary-project.ts';
import { runCommand } from './run-command.ts';

describe('which variables are secret', () => {
  it('tells by the name, or by a mark on the schema wherever it stands', () => {
    const schema = z.object({
      DB_PASSWORD: z.string(),
      GITHUB_PAT: z.string(),
      FILE_PATH: z.string(),
      DSN: z.string().meta({ secret: true }).optional(),
      WEBHOOK: z.string().default('x').meta({ secret: true }),
      PRIVATE_KEY_FILE: z.string().optional().meta({ secret: false }),
      PORT_KEY: z.coerce.number(),
    });
    const env = {
      DB_PASSWORD: 'hunter22',
      GITHUB_PAT: 'pat-1',
      FILE_PATH: '/data',
      DSN: 'dsn-1',
      WEBHOOK: 'hook-1',
      PRIVATE_KEY_FILE: '/key',
      PORT_KEY: '90001',
    };
    expect(secretValues(schema, env)).toEqual(['hunter22', 'pat-1', 'dsn-1', 'hook-1', '90001']);
  });

  it('tells the password of a secret URL by itself', () => {
    const schema = z.object({ DSN: z.string().meta({ secret: true }) });
    const secrets = (DSN: string) => secretValues(schema, { DSN });
    expect(secrets('postgresql://me:hunter%2022@host:5432/db')).toEqual([
      'postgresql://me:hunter%2022@host:5432/db',
      'hunter%2022',
      'hunter 22',
    ]);
    for (const [url, password] of [
      ['amqp://me:a@b:c@host', 'a@b:c'],
      ['redis://:p%zz@host/0', 'p%zz'],
    ] as const)
      expect(secrets(url)).toEqual([url, password]);
    for (const url of ['postgresql://me@host/db', 'https://host:80/a@b', 'host:80']) expect(secrets(url)).toEqual([url]);
  });
});

describe('a redactor', () => {
  it('hides values as they are, inside JSON and inside a URL, and the longer of two first', () => {
    const redactor = createRedactor();
    redactor.add(['p"ss/word', 'p"ss', 'abc']);
    expect(redactor.text('p"ss/word p"ss abc')).toBe('*** *** abc');
    expect(redactor.text(JSON.stringify({ dsn: 'p"ss/word' }))).toBe('{"dsn":"***"}');
    expect(redactor.text(`https://me:${encodeURIComponent('p"ss/word')}@host`)).toBe('https://me:***@host');
  });

  it('changes the free texts of an event, however deep, and not what it is recognized by', () => {
    const redactor = createRedactor();
    redactor.add(['gold']);
    expect(
      redactor.event({
        type: 'log',
        asset: 'gold/songs',
        message: 'all gold',
        fields: { a: [{ b: 'gold!' }], n: 1, none: null, when: new Date(0) },
      }),
    ).toEqual({
      type: 'log',
      asset: 'gold/songs',
      message: 'all ***',
      fields: { a: [{ b: '***!' }], n: 1, none: null, when: new Date(0).toJSON() },
    });
  });

  it('hides config values in the request of a run, and none of its keys', () => {
    const redactor = createRedactor();
    redactor.add(['gold']);
    const request = { keys: ['gold/songs'], partitions: { key: 'gold' }, config: { 'gold/songs': { token: 'gold!' } } };
    expect(redactor.event({ type: 'run.started', request })).toEqual({
      type: 'run.started',
      request: { keys: ['gold/songs'], partitions: { key: 'gold' }, config: { 'gold/songs': { token: '***!' } } },
    });
    const { config: _, ...others } = request;
    expect(redactor.event({ request: others })).toEqual({ request: others });
  });
});

const PROJECT = `
import { asset, defineProject, resource } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const api = resource()('api');
const leaky = asset('leaky', { resources: { api } }).run((_, { log, resources }) => {
  log('with ' + resources.api, { token: resources.api });
  throw new Error('refused ' + resources.api);
});
const provider = {
  variables: z.object({ API_TOKEN: z.string() }),
  open: async ({ variables, notify }) => {
    notify('opening with ' + variables.API_TOKEN);
    if (variables.API_TOKEN.startsWith('bad')) throw new Error('bad credentials ' + variables.API_TOKEN);
    return variables.API_TOKEN;
  },
};
export const project = defineProject({ name: 'leaks', assets: [leaky], environments: { local: { api: provider, runStore: sqliteRunStore() } } });
`;

describe('a command', () => {
  it('shows and records no secret that a function, a driver or an error tells', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const env = { API_TOKEN: 'good-s3cret' };
    const shown = await runCommand(root, ['materialize'], env);
    expect(shown.exit).toBe(1);
    expect(shown.stdout).toContain('refused ***');
    expect(shown.stderr).toContain('opening with ***');
    const logs = await runCommand(root, ['runs', 'logs', '--json']);
    expect(logs.stdout).toContain('with ***');
    const failed = await runCommand(root, ['materialize', '--json'], { API_TOKEN: 'bad-s3cret' });
    expect(failed.stdout + failed.stderr).toContain('bad credentials ***');
    const all = [shown, logs, failed, await runCommand(root, ['runs', 'logs', '--json'])];
    expect(all.map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain('s3cret');
  });
});
