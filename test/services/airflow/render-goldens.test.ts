import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOLDEN } from '../../codegen/airflow/golden.ts';
import { SCENARIOS } from '../../codegen/airflow/scenarios/index.ts';
import { loadDagBags } from './dag-bag.ts';
import type { AirflowEnvironment } from './environments.ts';
import { inProject } from './in-project.ts';
import { renderTemplates, type RenderedRun, type RenderQuestion } from './render.ts';

inProject();

/** Every way in which a run comes about, with what it has and what it lacks. */
const RUNS: Readonly<Record<string, RenderedRun>> = {
  manual: { runId: 'manual__1' },
  scheduled: {
    runId: 'scheduled__1',
    runType: 'scheduled',
    logicalDate: '2026-03-29T00:00Z',
    dataIntervalStart: '2026-03-29T00:00Z',
    dataIntervalEnd: '2026-03-29T01:00Z',
  },
  triggered: { runId: 'asset_triggered__1', runType: 'asset_triggered' },
  partitioned: { runId: 'scheduled__2', runType: 'scheduled', partitionKey: "it's {{ x }} 日本", partitionDate: '2026-03-29T00:00Z' },
  backfill: {
    runId: 'backfill__1',
    runType: 'backfill',
    logicalDate: '2026-03-01T00:00Z',
    dataIntervalStart: '2026-03-01T00:00Z',
    dataIntervalEnd: '2026-03-02T00:00Z',
    partitionKey: '2026-03-01',
  },
};

const OPERATORS = new Set(['docker', 'kubernetes']);
/** What has no task of Spindle alone, or none with templates: the tasks of Cosmos have their own, native ones need none. */
const OTHERS = new Set(['dbt-cosmos', 'native-tasks']);

interface Asked extends RenderQuestion {
  readonly scenario: string;
  readonly kind: string;
}

/** Each task of each DAG in each kind of run. */
async function questionsOf(airflow: AirflowEnvironment, scenarios: readonly string[]): Promise<readonly Asked[]> {
  const folders = scenarios.map((name) => join(GOLDEN, name, 'dags'));
  const bags = await loadDagBags(airflow, folders);
  const asked = await Promise.all(
    scenarios.map(async (scenario, index) => {
      const files = (await readdir(folders[index]!)).filter((file) => file.endsWith('.py'));
      return files.flatMap((file) => {
        const dagId = file.slice(0, -'.py'.length);
        const tasks = Object.keys(bags[index]!.dags[dagId]!.tasks);
        return tasks.flatMap((taskId) =>
          Object.entries(RUNS).map(([kind, run]) => ({
            file: join(folders[index]!, file),
            dagId,
            taskId,
            run,
            scenario,
            kind,
            tryNumber: 2,
            maxTries: 3,
          })),
        );
      });
    }),
  );
  return asked.flat();
}

async function expectRendered(airflow: AirflowEnvironment, scenarios: readonly string[]): Promise<void> {
  const asked = await questionsOf(airflow, scenarios);
  const answers = await renderTemplates(airflow, asked);
  expect(asked.length).toBeGreaterThan(scenarios.length);
  for (const [index, { dagId, taskId, run, kind, scenario }] of asked.entries()) {
    const where = `${scenario} ${dagId} ${taskId} ${kind}`;
    const answer = answers[index]!;
    if ('error' in answer) throw new Error(`${where}: ${answer.error}`);
    const { fields } = answer;
    const environment = variablesOf(fields['env'] ?? fields['environment'] ?? fields['env_vars']);
    expect(environment, where).toMatchObject({
      SPINDLE_AIRFLOW_DAG_ID: dagId,
      SPINDLE_AIRFLOW_RUN_ID: run.runId,
      SPINDLE_AIRFLOW_TASK_ID: taskId,
      SPINDLE_AIRFLOW_MAP_INDEX: '-1',
      SPINDLE_AIRFLOW_TRY_NUMBER: '2',
      SPINDLE_AIRFLOW_MAX_TRIES: '3',
    });
    const {
      SPINDLE_AIRFLOW_PARTITION: partition = '',
      SPINDLE_AIRFLOW_WINDOW_START: start = '',
      SPINDLE_AIRFLOW_WINDOW_END: end = '',
    } = environment;
    if ('SPINDLE_AIRFLOW_PARTITION' in environment) expect(partition, where).toBe(run.partitionKey ?? '');
    // Every run of Airflow 2 has an interval.
    if ('SPINDLE_AIRFLOW_WINDOW_START' in environment && (airflow !== '2.9' || run.dataIntervalStart !== undefined)) {
      expect(Date.parse(start), where).toBe(Date.parse(run.dataIntervalStart ?? ''));
      expect(Date.parse(end), where).toBe(Date.parse(run.dataIntervalEnd ?? ''));
    }
  }
}

/** As a mapping, whether an operator keeps it so or as a list of `V1EnvVar`, which come as Python writes them. */
function variablesOf(value: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(value)) return value as Readonly<Record<string, string>>;
  return Object.fromEntries(
    value.map((each: unknown) => {
      const [, name = '', text = ''] = /'name': '(\w+)',\s*'value': (?:'|")(.*)(?:'|"),\s*'value_from'/s.exec(String(each)) ?? [];
      return [name, text];
    }),
  );
}

const names = Object.keys(SCENARIOS).filter((name) => !OTHERS.has(name));
const ofTarget29 = names.filter((name) => SCENARIOS[name]?.project.airflow.target === '2.9');

describe('the templates of the scenarios', () => {
  it('render on Airflow 3.3 in runs of every kind, with what the run has', () =>
    expectRendered(
      '3.3',
      names.filter((name) => !OPERATORS.has(name)),
    ));

  it('render for the Docker and Kubernetes operators', () => expectRendered('3.3-operators', [...OPERATORS]));

  it('of target 2.9 render on Airflow 2.9', () => expectRendered('2.9', ofTarget29));
});
