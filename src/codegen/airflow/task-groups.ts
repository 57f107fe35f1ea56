import type { Graph } from '../../runtime/graph/graph.ts';
import { clustersOf } from '../../runtime/graph/clusters.ts';
import { idsOf, type TaskGroupModel, type TaskModel } from './model.ts';
import { groupIdOf, readable } from './name.ts';

/** The tasks with the groups of their assets. Groups that would wait for each other are divided, since Airflow cannot draw them; one that holds all tasks of the DAG tells nothing, and is left out. */
export function inGroups(graph: Graph, tasks: readonly TaskModel[]): readonly TaskModel[] {
  const groupOf = new Map(tasks.map((task) => [task.id, assetGroup(graph, task)]));
  if (new Set(groupOf.values()).size === 1) return tasks;
  const clusters = clustersOf({
    edges: new Map(tasks.map(({ id, after }) => [id, after])),
    joined: [],
    label: (id) => groupOf.get(id),
  });
  const taken = new Set(tasks.flatMap(idsOf));
  const counts = new Map<string, number>();
  const groups = new Map<string, TaskGroupModel>();
  for (const { keys, label } of clusters) {
    if (label === undefined) continue;
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    const id = freeId(groupIdOf(label), count, taken);
    for (const key of keys) groups.set(key, { id, label: readable(count === 1 ? label : `${label} (${count})`) });
  }
  return tasks.map((task) => ({ ...task, group: groups.get(task.id) }));
}

/** Of a task that makes assets of several groups, none. */
function assetGroup(graph: Graph, task: TaskModel): string | undefined {
  const keys = task.kind === 'check' ? [task.key] : task.keys;
  const groups = new Set(keys.map((key) => graph.get(key).group));
  const [group] = groups;
  return groups.size === 1 ? group : undefined;
}

/** Groups and tasks share their names. */
function freeId(wanted: string, count: number, taken: Set<string>): string {
  let id = count === 1 ? wanted : `${wanted}_${count}`;
  while (taken.has(id)) id = `${id}_group`;
  taken.add(id);
  return id;
}
