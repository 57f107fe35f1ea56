import type { InferredOptionTypes, Options } from 'yargs';
import { AIRFLOW_OPERATORS, AIRFLOW_TARGETS, DBT_TASKS, STREAMING, TASK_GRANULARITIES } from '../../runtime/declare/airflow.ts';

/** What is not given is as the project's `airflow` settings say. */
export const AIRFLOW_OPTIONS = {
  target: { choices: AIRFLOW_TARGETS, requiresArg: true, describe: 'The Airflow to write for: 3.3, or everything from 2.9 on' },
  operator: { choices: AIRFLOW_OPERATORS, requiresArg: true, describe: 'What runs the command line of a task' },
  dbt: {
    choices: DBT_TASKS,
    requiresArg: true,
    describe: 'A task for the models of a group, for each model, or those of astronomer-cosmos',
  },
  granularity: { choices: TASK_GRANULARITIES, requiresArg: true, describe: 'A task for each asset, or for each group' },
  streaming: { choices: STREAMING, requiresArg: true, describe: 'What fills topics and lands them: services beside Airflow, or tasks' },
  'allow-lossy': {
    type: 'boolean',
    default: false,
    describe: 'Write the files also where the target cannot express all of the graph; the ledger says what is lost',
  },
  job: { type: 'string', alias: 'j', requiresArg: true, describe: 'The DAG of this job only; those of the others are left as they are' },
  env: { type: 'string', requiresArg: true, describe: 'The environment that tasks run in' },
} as const satisfies Record<string, Options>;

export type AirflowArguments = InferredOptionTypes<typeof AIRFLOW_OPTIONS>;
