import type { Command } from '../command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly describe: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order in which `--help` shows them. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: 'list', describe: 'List the assets', load: () => import('./list.ts') },
  { name: 'graph', describe: 'Draw the graph of the assets', load: () => import('./graph.ts') },
  {
    name: 'generate',
    describe: 'Write the files that are generated from the project, or check them',
    load: () => import('./generate.ts'),
  },
  { name: 'plan', describe: 'Show what a run would do, and why', load: () => import('./plan.ts') },
  {
    name: 'explain',
    describe: 'Say why an asset is stale or fresh, or why a condition fires or does not',
    load: () => import('./explain.ts'),
  },
  { name: 'materialize', describe: 'Materialize what is stale of the selected assets', load: () => import('./materialize.ts') },
  {
    name: 'backfill',
    describe: 'Materialize partitions: a range of them, what is missing, what failed',
    load: () => import('./backfill.ts'),
  },
  { name: 'daemon', describe: 'Follow the automation conditions: run what fires, when it fires', load: () => import('./daemon.ts') },
  { name: 'check', describe: 'Run the checks of assets against what is stored', load: () => import('./check.ts') },
  { name: 'runs', describe: 'Show the runs so far; resume one, or run it again', load: () => import('./runs.ts') },
  {
    name: 'partitions',
    describe: 'Show the partitions of an asset; add or remove keys of dynamic ones',
    load: () => import('./partitions.ts'),
  },
  { name: 'dbt', describe: "Run a command of dbt in the environment's warehouse", load: () => import('./dbt.ts') },
  { name: 'query', describe: 'Show the rows of a table, or of an SQL statement', load: () => import('./query.ts') },
  { name: 'stream', describe: 'Keep topics and landings running; show how they come along', load: () => import('./stream.ts') },
  {
    name: 'landing',
    describe: 'Show how far topics are landed, or begin anew after a topic was re-created',
    load: () => import('./landing.ts'),
  },
  {
    name: 'dead-letters',
    describe: 'Show the records that were set aside, or replay those that pass by now',
    load: () => import('./dead-letters.ts'),
  },
  { name: 'diff', describe: 'Show how the schemas of topics and tables changed, and what that breaks', load: () => import('./diff.ts') },
  {
    name: 'lake',
    describe: "Show how the lake's bucket is set up, set it up, or put files into the lake",
    load: () => import('./lake.ts'),
  },
  {
    name: 'warehouse',
    describe: 'Show how the place of the tables is set up, or set it up',
    load: () => import('./warehouse.ts'),
  },
  { name: 'doctor', describe: 'Check the machine, the project and its environments', load: () => import('./doctor.ts') },
];

/** What no page of help lists. */
export const EXPERIMENTS: readonly CommandEntry[] = [
  { name: 'airflow-task', describe: 'Be a native task of Airflow', load: () => import('./airflow-task.ts') },
];
