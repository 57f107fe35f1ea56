import { neededResources } from '../../runtime/graph/needed-resources.ts';
import type { DagModel, TaskModel } from './model.ts';
import type { ExportScope } from './scope.ts';

/** Names that are one in Airflow and two in the project; each problem names both. `ofDag` and the like say what the ids stand for. */
export function clashes(named: readonly { readonly id: string; readonly of: string }[], what: string): readonly string[] {
  const first = new Map<string, string>();
  return named.flatMap(({ id, of }) => {
    const other = first.get(id);
    first.set(id, other ?? of);
    return other === undefined ? [] : [`NAME_CLASH: ${other} and ${of} both become the ${what} ${id}: rename one of them.`];
  });
}

/** Tasks of one DAG that would have one id. */
export const taskClashes = ({ job, tasks }: DagModel): readonly string[] =>
  clashes(
    tasks.map((task) => ({ id: task.id, of: `${nameOfTask(task)} in the job ${JSON.stringify(job)}` })),
    'task',
  );

function nameOfTask(task: TaskModel): string {
  return task.kind === 'check' ? `the check ${JSON.stringify(task.check)} of ${task.key}` : task.keys.slice(0, 3).join(', ');
}

/** What the environment lacks, or keeps where tasks of another host cannot reach it. */
export function environmentProblems({ graph, settings }: ExportScope, made: readonly string[]): readonly string[] {
  const { environment, providers, sharedHost } = settings;
  const needed = neededResources(graph, made);
  const missing = [...needed].filter(([name]) => providers[name] === undefined);
  const embedded = [...needed, ['runStore', 'every task'] as const].filter(([name]) => providers[name]?.embedded !== undefined);
  return [
    ...missing.map(
      ([name, asset]) =>
        `RESOURCE_MISSING: The environment "${environment}" has no ${name}, which ${asset} needs: give it one, or export another environment (airflow.environment, --env).`,
    ),
    ...(providers['runStore'] === undefined && made.length > 0
      ? [`RUN_STORE_MISSING: The environment "${environment}" has no runStore: tasks know from each other by it alone. Give it one.`]
      : []),
    ...(sharedHost ? [] : embedded).map(
      ([name, asset]) =>
        `EMBEDDED_DRIVER: The ${name} of the environment "${environment}", which ${asset} needs, is in files of one host: export an environment with servers, or say that all tasks run on one host (airflow.sharedHost).`,
    ),
  ];
}
