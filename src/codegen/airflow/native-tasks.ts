import type { JobDefinition } from '../../runtime/declare/definition.ts';
import type { Use } from './ledger/feature.ts';
import type { DagModel, TaskModel } from './model.ts';
import { assetNameOf, assetUriOf } from './name.ts';
import { argumentsOf } from './render/arguments.ts';
import type { ExportSettings } from './settings.ts';

/** What each native task does, by DAG and task: a stub can hand nothing over. `spindle airflow-task` reads it. */
export function nativeTasks(
  project: string,
  dags: readonly DagModel[],
  { environment }: ExportSettings,
): Readonly<Record<string, unknown>> {
  const outlet = (key: string) => ({ key, name: assetNameOf(project, key), uri: assetUriOf(project, key) });
  const entryOf = (task: TaskModel): readonly (readonly [string, unknown])[] =>
    task.kind === 'cosmos' ? [] : [[task.id, { arguments: argumentsOf(task), outlets: task.outlets.map(outlet) }]];
  const dagOf = ({ partitions, windows, tasks }: DagModel) => ({
    environment,
    partitions,
    windows,
    tasks: Object.fromEntries(tasks.flatMap(entryOf)),
  });
  return { dags: Object.fromEntries(dags.map((dag) => [dag.id, dagOf(dag)])) };
}

export const nativeTaskUses = ({ nativeTasks: native }: ExportSettings): readonly Use[] =>
  native ? [{ feature: 'job.native-tasks', subject: '' }] : [];

/** The setting where it says something that cannot be, as a sentence with its remedy. */
export function nativeTaskProblems(
  { nativeTasks: native, target, operator, jobs: common }: ExportSettings,
  jobs: readonly JobDefinition[],
): readonly string[] {
  if (!native) return [];
  const callbacks = [common, ...jobs.map(({ airflow }) => airflow)].filter((settings) => settings?.onFailure !== undefined);
  return [
    ...(target === '3.3' && operator === 'bash'
      ? []
      : ['NATIVE_TASKS: experimental.nativeTasks is for target 3.3 and the operator bash: leave it out, or choose these.']),
    ...(callbacks.length === 0
      ? []
      : ['NATIVE_TASKS: With experimental.nativeTasks no task calls onFailure, since none is run by Airflow: leave one of them out.']),
  ];
}
