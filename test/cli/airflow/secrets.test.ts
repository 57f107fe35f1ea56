import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';
import { environmentOf, readOutcome } from './tasks-project.ts';

const PROJECT = `
import { asset, defineProject, resource } from 'spindle';
import { sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const api = resource()('api');
const told = asset('told', { resources: { api } }).run((_, { metadata, resources }) => {
  metadata({ url: 'https://me:' + resources.api + '@host' });
  return 1;
});
const provider = {
  variables: z.object({ API_TOKEN: z.string() }),
  open: async ({ variables }) => {
    if (variables.API_TOKEN.startsWith('bad')) throw new Error('bad credentials ' + variables.API_TOKEN);
    return variables.API_TOKEN;
  },
};
export const project = defineProject({ name: 'leaks', assets: [told], environments: { local: { api: provider, runStore: sqliteRunStore() } } });
`;

describe('the last line of a task', () => {
  it('holds no secret, of what was told or of an error', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const file = join(root, 'return.json');
    const task = async (token: string) => {
      const env = { ...environmentOf({ XCOM_FILE: file }), API_TOKEN: token };
      const outcome = readOutcome({ signal: null, ...(await runCommand(root, ['materialize', '--airflow', '--select=told'], env)) });
      expect(outcome.stdout + outcome.stderr + readFileSync(file, 'utf8')).not.toContain('s3cret');
      return outcome;
    };
    const failed = await task('bad-s3cret');
    expect(failed).toMatchObject({ exit: 1, line: { failed: 1 }, stdout: expect.stringContaining('bad credentials ***') });
    const made = await task('good-s3cret');
    expect(made).toMatchObject({ exit: 0, line: { assets: { told: { metadata: { url: 'https://me:***@host' } } } } });
  });
});
