import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateAirflow } from '../../../../src/codegen/airflow/generate-airflow.ts';
import { ROOT, type World } from './world.ts';

/** The DAG files of a project in a folder of their own. */
export interface Exported {
  /** The folder of its DAGs, absolute. */
  readonly dags: string;
  /** The slots of each pool, by name. */
  readonly slots: Readonly<Record<string, number>>;
}

/** Exports a project as `spindle generate airflow --allow-lossy` does, into a new folder below the given one. */
export async function exportInto(parent: string, { project, graph, drawn }: World): Promise<Exported> {
  const settings = { sharedHost: true, granularity: drawn.granularity, dbt: drawn.dbt };
  const { files } = generateAirflow({
    project,
    root: ROOT,
    graph,
    settings,
    edit: 'src/project.ts',
    command: 'spindle generate airflow',
    allowLossy: true,
  });
  const folder = await mkdtemp(join(parent, 'case-'));
  const dags = join(folder, 'airflow/dags');
  await mkdir(dags, { recursive: true });
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const pools = files.find(({ path }) => path.endsWith('pools.json'));
  const read = pools === undefined ? {} : (JSON.parse(pools.text) as Record<string, { readonly slots: number }>);
  return { dags, slots: Object.fromEntries(Object.entries(read).map(([name, { slots }]) => [name, slots])) };
}
