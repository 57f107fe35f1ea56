import { z } from 'zod';
import { SpindleError } from '../../runtime/errors.ts';
import type { ExternalTask, PartitionRequest } from '../../runtime/run/event.ts';

/** What Airflow says of the task that this process is. */
export interface AirflowTask {
  readonly task: ExternalTask;
  /** The partitions that the DAG run is about, where it is about any. */
  readonly partitions: PartitionRequest | undefined;
  /** A file that takes the last line as well. */
  readonly xcomFile: string | undefined;
}

const text = (describe: string) => z.string().describe(describe);
const number = (pattern: RegExp, describe: string) =>
  z.string().regex(pattern, `expected ${describe}`).transform(Number).describe(describe);
const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO instant with its zone, such as 2026-01-31T08:00:00Z' })
  .transform((written) => new Date(written).toISOString())
  .optional();

const Schema = z.object({
  SPINDLE_AIRFLOW_DAG_ID: text('the id of the DAG'),
  SPINDLE_AIRFLOW_RUN_ID: text('the id of the DAG run'),
  SPINDLE_AIRFLOW_TASK_ID: text('the id of the task'),
  SPINDLE_AIRFLOW_TRY_NUMBER: number(/^[1-9]\d{0,8}$/, 'the number of the try, from 1'),
  SPINDLE_AIRFLOW_MAX_TRIES: number(/^\d{1,9}$/, 'the number of retries that Airflow grants, from 0'),
  SPINDLE_AIRFLOW_MAP_INDEX: number(/^(-1|\d{1,9})$/, 'the index of a mapped task, or -1'),
  SPINDLE_AIRFLOW_PARTITION: z.string().optional(),
  SPINDLE_AIRFLOW_WINDOW_START: instant,
  SPINDLE_AIRFLOW_WINDOW_END: instant,
  SPINDLE_AIRFLOW_XCOM_FILE: z.string().optional(),
});
type Values = z.infer<typeof Schema>;

const NAMES = Object.keys(Schema.shape) as readonly (keyof Values)[];

/** Reads the variables that the generated DAG sets, an empty one being absent. VARIABLES_INVALID lists all that are missing or wrong. */
export function readAirflowTask(env: Readonly<Record<string, string | undefined>>): AirflowTask {
  const given = Object.fromEntries(NAMES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const { data, error } = Schema.safeParse(given);
  const issues = [
    ...(error?.issues ?? []).map(({ path, message }) => problem(path[0] as keyof Values, given, message)),
    ...windowProblems(given),
  ];
  if (data === undefined || issues.length > 0)
    throw new SpindleError(
      'VARIABLES_INVALID',
      `${issues.length === 1 ? 'A variable' : `${issues.length} variables`} of the Airflow task ${issues.length === 1 ? 'is' : 'are'} missing or wrong.`,
      { issues, remedy: 'A generated DAG sets them: generate it again. To run the command by hand, leave --airflow out.' },
    );
  const mapIndex = data.SPINDLE_AIRFLOW_MAP_INDEX;
  return {
    task: {
      system: 'airflow',
      dag: data.SPINDLE_AIRFLOW_DAG_ID,
      run: data.SPINDLE_AIRFLOW_RUN_ID,
      task: data.SPINDLE_AIRFLOW_TASK_ID,
      ...(mapIndex >= 0 && { mapIndex }),
      try: data.SPINDLE_AIRFLOW_TRY_NUMBER,
      maxTries: data.SPINDLE_AIRFLOW_MAX_TRIES,
    },
    partitions: requestOf(data),
    xcomFile: data.SPINDLE_AIRFLOW_XCOM_FILE,
  };
}

function problem(name: keyof Values, given: Readonly<Record<string, unknown>>, message: string): string {
  return given[name] === undefined ? `${name} is missing: ${Schema.shape[name].description}` : `${name} is wrong: ${message}`;
}

/** A window has two ends, in their order. */
function windowProblems({
  SPINDLE_AIRFLOW_WINDOW_START: start,
  SPINDLE_AIRFLOW_WINDOW_END: end,
}: Readonly<Record<string, string | undefined>>) {
  if (start !== undefined && end === undefined) return ['SPINDLE_AIRFLOW_WINDOW_END is missing: the start of the window is given'];
  if (start === undefined && end !== undefined) return ['SPINDLE_AIRFLOW_WINDOW_START is missing: the end of the window is given'];
  const isReversed = start !== undefined && end !== undefined && Date.parse(end) < Date.parse(start);
  return isReversed ? ['SPINDLE_AIRFLOW_WINDOW_END is wrong: the window ends before it begins'] : [];
}

/** The partition, else the window. An empty window, as a DAG has that was triggered by hand, asks for nothing. */
function requestOf(values: Values): PartitionRequest | undefined {
  const { SPINDLE_AIRFLOW_PARTITION: key, SPINDLE_AIRFLOW_WINDOW_START: start, SPINDLE_AIRFLOW_WINDOW_END: end } = values;
  if (key !== undefined) return { key, orNone: true };
  return start === undefined || end === undefined || start === end ? undefined : { window: { start, end } };
}
