import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { initializedFolder, resolveCompose, ROOT, type ComposeConfiguration } from './configuration.ts';

describe('the variables of docker-compose.yml', () => {
  let folder: string;
  let configuration: ComposeConfiguration;
  beforeAll(async () => {
    folder = await initializedFolder();
    configuration = await resolveCompose(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('choose the warehouse and the rate', async () => {
    expect(configuration.services['lander']?.environment?.['SPINDLE_ENV']).toBe('compose-duckdb');
    expect(configuration.services['producer']?.command).toEqual(expect.arrayContaining(['--rate', '100']));
    const { services: others } = await resolveCompose(folder, { WAREHOUSE: 'snowflake', PRODUCER_RATE: '2500' });
    for (const name of ['lake-init', 'producer', 'lander', 'first-landing', 'airflow-scheduler'])
      expect(others[name]?.environment?.['SPINDLE_ENV'], name).toBe('compose-snowflake');
    expect(others['producer']?.command).toEqual(expect.arrayContaining(['--rate', '2500']));
  });

  it('of Snowflake are those of the tasks, which then have a way out; without them nothing has', async () => {
    const SNOWFLAKE = {
      WAREHOUSE: 'snowflake',
      TASKS_OFFLINE: 'false',
      SPINDLE_SNOWFLAKE_ACCOUNT: 'org-acc',
      SPINDLE_SNOWFLAKE_TOKEN: 'tok',
    };
    const { services: others, networks } = await resolveCompose(folder, SNOWFLAKE);
    expect(others['airflow-scheduler']?.environment).toMatchObject({
      SPINDLE_SNOWFLAKE_ACCOUNT: 'org-acc',
      SPINDLE_SNOWFLAKE_TOKEN: 'tok',
    });
    const given = Object.entries(others).filter(([, { environment = {} }]) => JSON.stringify(environment).includes('SPINDLE_SNOWFLAKE_'));
    expect(given.map(([name]) => name)).toEqual(['airflow-scheduler']);
    expect(Object.entries(networks).flatMap(([name, { internal }]) => (internal === true ? [] : [name]))).toEqual(['published', 'tasks']);
    expect(Object.keys(others['airflow-scheduler']?.networks ?? {})).toEqual(['internal', 'tasks']);

    expect(configuration.networks['tasks']).toMatchObject({ internal: true });
    expect(configuration.services['airflow-scheduler']?.environment).toMatchObject({
      SPINDLE_SNOWFLAKE_ACCOUNT: '',
      SPINDLE_SNOWFLAKE_PRIVATE_KEY: '',
    });
    // An empty variable counts as one that is not set: all that is missing is told.
    const { exit, stderr } = await runCommand(ROOT, ['warehouse', 'status'], {
      SPINDLE_ENV: 'compose-snowflake',
      SPINDLE_SNOWFLAKE_ACCOUNT: '',
    });
    expect([exit, stderr]).toEqual([2, expect.stringContaining('SPINDLE_SNOWFLAKE_ACCOUNT (warehouse) is missing')]);
  });
});
