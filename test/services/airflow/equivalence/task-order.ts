import { closureOf } from './closure.ts';
import type { Case } from './draw.ts';
import type { ExportedDag, MakingTask } from './exported.ts';
import { contracted, inseparable, orderOf, type LocalJob } from './local.ts';

/** Where the tasks of a DAG differ from the local order: sentences. */
export function orderProblems(local: LocalJob, exported: ExportedDag, settings: Pick<Case, 'granularity' | 'dbt'>): readonly string[] {
  const tasks = exported.making;
  const makers = local.made.filter((key) => tasks.filter(({ assets }) => assets.has(key)).length !== 1);
  const foreign = tasks.flatMap(({ assets }) => [...assets].filter((key) => !local.made.includes(key)));
  if (makers.length + foreign.length > 0)
    return [`made by no task, by several, or against the plan: ${[...makers, ...foreign].join(', ')}`];
  return [
    ...fusionProblems(local, tasks, settings),
    ...edgeProblems(local, exported),
    ...insideProblems(local, tasks),
    ...groupProblems(exported),
  ];
}

/** Tasks hold what cannot be parted, and beyond it only what the settings put together. */
function fusionProblems(
  local: LocalJob,
  tasks: readonly MakingTask[],
  { granularity, dbt }: Pick<Case, 'granularity' | 'dbt'>,
): readonly string[] {
  const blocks = inseparable(local);
  const label = (key: string): string | undefined => {
    const { transform, group } = local.graph.get(key);
    if (transform !== undefined) return dbt === 'group' ? `dbt ${transform.project}` : undefined;
    return granularity === 'group' && group !== undefined ? `group ${group}` : undefined;
  };
  return tasks.flatMap(({ id, assets }) => {
    const within = blocks.filter((block) => [...block].some((key) => assets.has(key)));
    const parted = within
      .filter((block) => [...block].some((key) => !assets.has(key)))
      .map((block) => `${id} parts ${[...block].join(', ')}`);
    const labels = new Set([...assets].map(label));
    const needless =
      within.length > 1 && (labels.size > 1 || labels.has(undefined)) ? [`${id} joins ${[...assets].join(', ')} without need`] : [];
    return [...parted, ...needless];
  });
}

/** One task is before another in the DAG exactly where an asset of it is before one of the other locally, or by way of further tasks. */
function edgeProblems({ before }: LocalJob, exported: ExportedDag): readonly string[] {
  const tasks = exported.making;
  const byAssets = new Map(tasks.map((task) => [task.assets, task]));
  const order = closureOf(contracted([...byAssets.keys()], before));
  return tasks.flatMap((task) =>
    tasks.flatMap((other) => {
      const wanted = order.get(task.assets)!.has(other.assets);
      const found = exported.before.get(task.id)!.has(other.id);
      if (wanted === found) return [];
      return [`${other.id} is ${found ? '' : 'not '}before ${task.id} in the DAG, and ${wanted ? '' : 'not '}locally`];
    }),
  );
}

/** The run of one task keeps the order of its assets. */
const insideProblems = ({ graph, before }: LocalJob, tasks: readonly MakingTask[]): readonly string[] =>
  tasks.flatMap(({ id, selected, assets }) => {
    const inside = orderOf(graph, selected);
    return [...assets].flatMap((key) =>
      [...assets].flatMap((up) =>
        before.get(key)!.has(up) && !inside.get(key)!.has(up) ? [`within ${id}, ${up} is not before ${key}`] : [],
      ),
    );
  });

/** Task groups, which Airflow draws as one, do not wait for each other. */
function groupProblems({ dag }: ExportedDag): readonly string[] {
  const boxOf = (id: string) => (dag.tasks[id]!.group === null ? `task ${id}` : `group ${dag.tasks[id]!.group}`);
  const after = new Map<string, Set<string>>();
  for (const [id, { upstream }] of Object.entries(dag.tasks)) {
    const own = after.get(boxOf(id)) ?? new Set();
    after.set(boxOf(id), own);
    for (const up of upstream) if (boxOf(up) !== boxOf(id)) own.add(boxOf(up));
  }
  return [...closureOf(after)].flatMap(([box, before]) => (before.has(box) ? [`the ${box} waits for itself`] : []));
}
