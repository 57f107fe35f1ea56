import { z } from 'zod';
import { SpindleError } from '../../../runtime/errors.ts';
import type { NativeDag } from './native-tasks-file.ts';
import type { Packed } from './msgpack.ts';

const instant = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))]).nullable();

/** What is used of the supervisor's first message. */
const Startup = z.object({
  type: z.literal('StartupDetails'),
  ti: z.object({
    dag_id: z.string(),
    run_id: z.string(),
    task_id: z.string(),
    try_number: z.int(),
    map_index: z.int().nullish(),
  }),
  ti_context: z.object({
    max_tries: z.int(),
    should_retry: z.boolean().nullish(),
    xcom_keys_to_clear: z.array(z.string()).nullish(),
    dag_run: z.object({
      partition_key: z.string().nullish(),
      data_interval_start: instant,
      data_interval_end: instant,
    }),
  }),
});
export type Startup = z.infer<typeof Startup>;

/** INTERNAL where the message is none that Airflow 3.3 sends. */
export function readStartup(message: Packed): Startup {
  const { data, error } = Startup.safeParse(message);
  if (data !== undefined) return data;
  throw new SpindleError('INTERNAL', 'The supervisor of the Airflow task began with another message than that of Airflow 3.3.', {
    issues: error.issues.map(({ path, message: problem }) => `${path.join('.')}: ${problem}`),
    remedy: 'Native tasks are an experiment for Airflow 3.3: generate the DAGs without airflow.experimental.nativeTasks.',
  });
}

/** The variables by which a task in a shell is told the same. */
export function variablesOf({ ti, ti_context: { max_tries, dag_run } }: Startup, dag: NativeDag): Readonly<Record<string, string>> {
  const window = dag.windows ? [dag_run.data_interval_start, dag_run.data_interval_end] : [];
  const [start, end] = window.map((at) => at?.toISOString() ?? '');
  return {
    SPINDLE_ENV: dag.environment,
    SPINDLE_AIRFLOW_DAG_ID: ti.dag_id,
    SPINDLE_AIRFLOW_RUN_ID: ti.run_id,
    SPINDLE_AIRFLOW_TASK_ID: ti.task_id,
    SPINDLE_AIRFLOW_MAP_INDEX: String(ti.map_index ?? -1),
    SPINDLE_AIRFLOW_TRY_NUMBER: String(ti.try_number),
    SPINDLE_AIRFLOW_MAX_TRIES: String(max_tries),
    SPINDLE_AIRFLOW_PARTITION: (dag.partitions ? dag_run.partition_key : undefined) ?? '',
    SPINDLE_AIRFLOW_WINDOW_START: start ?? '',
    SPINDLE_AIRFLOW_WINDOW_END: end ?? '',
  };
}
