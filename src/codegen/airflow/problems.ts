import type { JobDefinition } from '../../runtime/declare/definition.ts';
import { neededResources } from '../../runtime/graph/needed-resources.ts';
import type { PartitionsDefinition } from '../../runtime/partitions/definition.ts';
import { dimensionsOf } from '../../runtime/partitions/pairing.ts';
import { idsOf, type DagModel, type TaskModel } from './model.ts';
import { assetUriOf, dagIdOf, LONGEST_PARTITION_KEY, LONGEST_TAG, LONGEST_URI } from './name.ts';
import type { ExportScope, JobScope } from './scope.ts';

/** Names that are one in Airflow and two in the project; each problem names both. `of` says what an id stands for. */
function clashes(named: readonly { readonly id: string; readonly of: string }[], what: string): readonly string[] {
  const first = new Map<string, string>();
  return named.flatMap(({ id, of }) => {
    const other = first.get(id);
    first.set(id, other ?? of);
    return other === undefined ? [] : [`NAME_CLASH: ${other} and ${of} both become the ${what} ${id}: rename one of them.`];
  });
}

/** Jobs that would have one DAG, or one file where case does not count. */
export const dagClashes = (project: string, jobs: readonly JobDefinition[]): readonly string[] => {
  const problems = clashes(
    jobs.map(({ name }) => ({ id: dagIdOf(project, name), of: nameOfJob(name) })),
    'DAG',
  );
  const first = new Map<string, string>();
  return [
    ...problems,
    ...jobs.flatMap(({ name }) => {
      const id = dagIdOf(project, name);
      const other = first.get(id.toLowerCase()) ?? name;
      first.set(id.toLowerCase(), other);
      return dagIdOf(project, other) === id
        ? []
        : [`NAME_CLASH: ${nameOfJob(other)} and ${nameOfJob(name)} become DAGs whose files differ by case alone: rename one of them.`];
    }),
  ];
};

export const nameOfJob = (name: string): string => `the job ${JSON.stringify(name)}`;

/** What no program can be given as an argument or a variable, and what Airflow keeps no place for. */
export function textProblems({ project, graph, settings }: ExportScope, jobs: readonly JobScope[]): readonly string[] {
  const made = [...new Set(jobs.flatMap(({ made: of }) => [...of]))];
  const checks = made.flatMap((key) => graph.checksOf(key)).filter(({ name }) => !isArgument(name));
  const tags = jobs.flatMap(({ job }) => job.tags.filter((tag) => tag.length > LONGEST_TAG).map((tag) => ({ tag, job: job.name })));
  const long = settings.target === '2.9' ? [] : made.flatMap((key) => longKeys(key, graph.get(key).partitions));
  return [
    ...(isArgument(settings.environment)
      ? []
      : [`TEXT: The name of the environment ${JSON.stringify(settings.environment)} has a NUL or half a character: rename it.`]),
    ...graph.keys
      .filter((key) => assetUriOf(project, key).length > LONGEST_URI)
      .map((key) => `ASSET_NAME: ${key} has ${assetUriOf(project, key).length} characters with its project: Airflow takes ${LONGEST_URI}.`),
    ...checks.map(
      ({ asset, name }) =>
        `TEXT: The check ${JSON.stringify(name)} of ${asset.key} has a NUL or half a character, which no command line takes: rename it.`,
    ),
    ...tags.map(
      ({ tag, job }) =>
        `TAG: ${nameOfJob(job)} has a tag of ${tag.length} characters, ${JSON.stringify(tag.slice(0, 40))}…: Airflow takes ${LONGEST_TAG}.`,
    ),
    ...long,
  ];
}

const isArgument = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);

function longKeys(asset: string, definition: PartitionsDefinition | undefined): readonly string[] {
  if (definition === undefined) return [];
  const dimensions = Object.entries(dimensionsOf(definition));
  const parts = dimensions.map(([name, dimension]) => ({
    name,
    longest: dimension.kind === 'static' ? dimension.keys.reduce((a, b) => (b.length > a.length ? b : a)) : '',
  }));
  const length = parts.reduce((sum, { name, longest }) => sum + longest.length + (definition.kind === 'cross' ? name.length + 2 : 0), 0);
  const example = parts.map(({ longest }) => longest).toSorted((a, b) => b.length - a.length)[0]!;
  return length <= LONGEST_PARTITION_KEY
    ? []
    : [
        `PARTITION_KEY: ${asset} has partition keys of ${length} characters, ${JSON.stringify(example.slice(0, 40))}… in them: Airflow takes ${LONGEST_PARTITION_KEY}.`,
      ];
}

/** Tasks of one DAG that would have one id. */
export const taskClashes = ({ job, tasks }: DagModel): readonly string[] =>
  clashes(
    tasks.flatMap((task) => {
      const of = `${nameOfTask(task)} in ${nameOfJob(job)}`;
      return idsOf(task).map((id) => ({ id, of }));
    }),
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
