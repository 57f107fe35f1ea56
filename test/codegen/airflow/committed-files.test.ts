import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { project } from '../../../src/assets/project.ts';
import { runCommand } from '../../cli/run-command.ts';
import { generateScenario, ROOT } from './generate-scenario.ts';

it('the committed files of this repository are those of its project, and no others are there', async () => {
  const { exit, stdout } = await runCommand(ROOT, ['generate', 'airflow', '--check']);
  expect(stdout).toMatch(/^\d+ files are as generated\.\n$/);
  expect(exit).toBe(0);
});

it('the committed DAG is that of docker-compose.yml: services fill topics and lake, and it begins behind them', () => {
  expect(readdirSync(join(ROOT, 'airflow/dags')).filter((name) => name.endsWith('.py'))).toEqual(['spotify__pipeline.py']);
  const dag = readFileSync(join(ROOT, 'airflow/dags/spotify__pipeline.py'), 'utf8');
  expect(dag).toContain('"SPINDLE_ENV": "compose-duckdb"');
  expect(dag).toContain('inlets=[LAKE_LISTENING_EVENTS]');
  expect(dag).not.toMatch(/--select=(stream|lake)\//);
});

it('one host without services has a DAG of its own, which fills them as well', async () => {
  const { files } = await generateScenario({ project, settings: { environment: 'local', streaming: 'task' } });
  const [dag, ...others] = files.filter(({ path }) => path.endsWith('.py'));
  expect(others).toEqual([]);
  expect(dag?.text).toContain('"SPINDLE_ENV": "local"');
  for (const key of ['stream/listening_events', 'stream/user_activity', 'lake/listening_events', 'lake/user_activity'])
    expect(dag?.text).toContain(`--select=${key} `);
});
