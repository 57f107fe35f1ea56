import { performance } from 'node:perf_hooks';
import { generateAirflow, type AirflowOutput } from '../../src/codegen/airflow/generate-airflow.ts';
import { fileSystemStore } from '../../src/drivers/providers/file-system-store.ts';
import { sqliteRunStore } from '../../src/drivers/providers/sqlite-run-store.ts';
import { asset, type Asset } from '../../src/runtime/declare/asset.ts';
import { job } from '../../src/runtime/declare/job.ts';
import { defineProject } from '../../src/runtime/declare/project.ts';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { value } from '../../src/runtime/store/value.ts';
import { keyOf } from './graph.ts';

export interface Generated {
  /** The text of the DAG. */
  readonly dag: string;
  /** From the graph to all files, in milliseconds. */
  readonly milliseconds: number;
}

/** What an asset may say of itself. */
const FURNITURE = {
  description: 'What it is, in a sentence or two, as people write it. It may go on.',
  owners: ['data-team'],
  tags: { tier: '1' },
  pool: 'warehouse',
  retry: { attempts: 3, delay: '30s' },
  timeout: '30m',
} as const;

/** The DAG of a job of all assets, each of which is stored; `furnished` ones also have groups, owners, docs, a pool, retries and a time limit. */
export function generated(reads: readonly (readonly number[])[], { furnished = false } = {}): Generated {
  const assets: Asset[] = [];
  for (const [index, before] of reads.entries()) {
    const deps = Object.fromEntries(before.map((up) => [`d${up}`, assets[up]!]));
    const spec = furnished ? { ...FURNITURE, group: `layer ${Math.floor(index / 100)}` } : {};
    assets.push(asset(keyOf(index), { ...spec, store: value<number>(), deps }).run(() => index) as Asset);
  }
  const project = defineProject({
    name: 'bench',
    assets,
    jobs: [job('all', { select: '**' })],
    environments: { prod: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
  });
  const graph = buildGraph({
    assets: assets.map(({ definition }) => definition),
    checks: [],
    jobs: project.jobs.map(({ definition }) => definition),
  });
  const start = performance.now();
  const { files }: AirflowOutput = generateAirflow({
    project,
    root: '/bench',
    graph,
    settings: { sharedHost: true },
    edit: 'src/project.ts',
    command: 'npx spindle generate airflow',
    allowLossy: false,
  });
  const milliseconds = performance.now() - start;
  return { dag: files.find(({ path }) => path.endsWith('.py'))!.text, milliseconds };
}

/** The same project as a folder of files, for the command line. */
export const projectFiles = (reads: readonly (readonly number[])[]): Readonly<Record<string, string>> => ({
  'package.json': '{ "name": "bench", "type": "module", "spindle": { "project": "src/project.ts" } }\n',
  'src/project.ts': `import { asset, defineProject, job, value } from 'spindle';
import { fileSystemStore, sqliteRunStore } from 'spindle/drivers';

const reads = ${JSON.stringify(reads)};
const assets = [];
for (const [index, before] of reads.entries()) {
  const deps = Object.fromEntries(before.map((up) => [\`d\${up}\`, assets[up]]));
  assets.push(asset(\`layer/asset_\${String(index).padStart(4, '0')}\`, { store: value(), deps }).run(() => index));
}

export const project = defineProject({
  name: 'bench',
  assets,
  jobs: [job('all', { select: '**' })],
  environments: { prod: { lake: fileSystemStore(), runStore: sqliteRunStore() } },
  airflow: { sharedHost: true },
});
`,
});
