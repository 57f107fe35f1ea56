import type { Airflow } from '../airflow/airflow.ts';
import type { Topic } from './lake.ts';

export const DAG = 'spotify__pipeline';
const PATIENCE_SECONDS = 400;

/** The last line of a task, which Airflow keeps as its XCom. */
interface Told {
  readonly materialized: readonly { readonly asset: string }[];
  readonly checks: readonly { readonly passed: boolean }[];
  readonly assets: Readonly<
    Record<
      string,
      {
        readonly rows: number;
        readonly metadata?: { readonly rejected?: number; readonly objects?: number; readonly skippedObjects?: number };
      }
    >
  >;
}

/** A run of the DAG that was started by hand. */
export interface Triggered {
  readonly seconds: number;
  /** How each task ended. */
  readonly states: Readonly<Record<string, string | null>>;
  /** What those that had something to do told of it. */
  readonly told: Readonly<Record<string, Told>>;
}

/** What a load brought into a bronze table, and which objects it did not look into. */
export interface Loaded {
  readonly rows: number;
  readonly rejected: number;
  readonly objects: number;
  readonly skippedObjects: number;
}

/** Starts the DAG and waits until it has succeeded, every task of it at its first try. */
export async function trigger(airflow: Airflow): Promise<Triggered> {
  const start = performance.now();
  const run = await airflow.trigger(DAG);
  await airflow.waitForSuccess(DAG, run, PATIENCE_SECONDS);
  const seconds = (performance.now() - start) / 1000;
  const tasks = await airflow.taskInstances(DAG, run);
  const again = tasks.filter(({ try_number }) => try_number > 1);
  if (again.length > 0) throw new Error(`More than one try was needed: ${again.map(({ task_id }) => task_id).join(', ')}`);
  const busy = tasks.filter(({ state }) => state === 'success');
  const told = await Promise.all(busy.map(async ({ task_id }) => [task_id, (await airflow.xcom(DAG, run, task_id)) as Told] as const));
  return { seconds, states: Object.fromEntries(tasks.map(({ task_id, state }) => [task_id, state])), told: Object.fromEntries(told) };
}

/** Of a topic; nothing where the task was skipped. */
export function loaded({ told }: Triggered, topic: Topic): Loaded {
  const made = told[`bronze__${topic}`]?.assets[`bronze/${topic}`];
  return { rows: made?.rows ?? 0, rejected: 0, objects: 0, skippedObjects: 0, ...made?.metadata };
}
