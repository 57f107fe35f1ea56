import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SpindleError } from '../../../runtime/errors.ts';

const NativeTask = z.object({
  /** Of the command line. */
  arguments: z.array(z.string()),
  outlets: z.array(z.object({ key: z.string(), name: z.string(), uri: z.string() })),
});
const NativeDag = z.object({
  environment: z.string(),
  /** Whether the partition key of a run is one of its assets. */
  partitions: z.boolean(),
  /** Whether each run is asked for the partitions that its interval completes. */
  windows: z.boolean(),
  tasks: z.record(z.string(), NativeTask),
});
const File = z.object({ dags: z.record(z.string(), NativeDag) });

export type NativeTask = z.infer<typeof NativeTask>;
export type NativeDag = z.infer<typeof NativeDag>;

export interface FoundTask {
  readonly dag: NativeDag;
  readonly task: NativeTask;
}

/** What the generated file says of a task; USAGE where it says nothing. */
export async function readNativeTask(
  path: string,
  { dag_id, task_id }: { readonly dag_id: string; readonly task_id: string },
): Promise<FoundTask> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const file = text === undefined ? undefined : File.safeParse(JSON.parse(text)).data;
  const dag = file?.dags[dag_id];
  const task = dag?.tasks[task_id];
  if (dag !== undefined && task !== undefined) return { dag, task };
  throw new SpindleError(
    'USAGE',
    `${path} ${file === undefined ? 'is not there, or no such file' : `says nothing of the task ${task_id} of ${dag_id}`}.`,
    {
      remedy: 'Deploy the project as it was when the DAGs were generated: npx spindle generate airflow.',
    },
  );
}
