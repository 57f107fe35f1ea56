import { ask } from './ask.ts';
import { type AirflowEnvironment } from './environments.ts';

/** Asks for the runs that the scheduler would create, were `from` the DAG's start date, as long as they are due by `to`. */
export interface RunsQuestion {
  readonly file: string;
  readonly dagId: string;
  readonly from: string;
  readonly to: string;
}

/** Instants are ISO in UTC to the second. */
export interface ScheduledRun {
  readonly runAfter: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly partitionKey: string | null;
  readonly partitionDate: string | null;
  /** Alone, in place of all further runs: the timetable failed. */
  readonly error?: string;
}

/** Asks what the partition mapper of an asset makes of keys of the asset (`upstream`) and of the DAG (`downstream`). */
export interface MappingQuestion {
  readonly file: string;
  readonly dagId: string;
  readonly asset: { readonly name?: string; readonly uri?: string };
  readonly upstream?: readonly string[];
  readonly downstream?: readonly string[];
}

/** By key, the keys it maps to in order, or the text of the mapper's error. */
export type MappedKeys = Readonly<Record<string, readonly string[] | string>>;

export interface Mapping {
  readonly mapper: string;
  readonly toDownstream: MappedKeys;
  /** Empty unless the mapper rolls up. */
  readonly toUpstream: MappedKeys;
  /** The instant that a downstream key stands for, null where the mapper knows none. */
  readonly partitionDate: Readonly<Record<string, string | null>>;
}

/** Calls the timetables of DAGs, in the form that the scheduler has them. */
export const scheduledRuns = async (
  environment: AirflowEnvironment,
  questions: readonly RunsQuestion[],
): Promise<readonly (readonly ScheduledRun[])[]> =>
  (await ask(environment, 'timetable.py', questions)) as readonly (readonly ScheduledRun[])[];

/** Calls the partition mappers of DAGs, in the form that the scheduler has them. */
export const partitionMappings = async (questions: readonly MappingQuestion[]): Promise<readonly Mapping[]> =>
  (await ask('3.3', 'timetable.py', questions)) as readonly Mapping[];
