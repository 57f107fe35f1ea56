import { posix, relative, sep } from 'node:path';
import { readCommittedProject } from '../dbt/parse-project.ts';
import type { Graph } from '../runtime/graph/graph.ts';
import { modelFolders } from './model-folders.ts';

/** A sentence for each dbt project of the graph whose committed manifest was made from other files than the project has now; they are named as seen `from` a folder. It reads every file of them. */
export async function outdatedManifests(graph: Graph, from: string): Promise<readonly string[]> {
  const read = await Promise.all(modelFolders(graph).map(async (folder) => ({ folder, ...(await readCommittedProject(folder)) })));
  return read.flatMap(({ folder, stale }) => (stale ? [outdatedManifest(relative(from, folder).split(sep).join('/'))] : []));
}

/** The same of one that is. */
export const outdatedManifest = (folder: string): string =>
  `${posix.join(folder, 'manifest.json')} was made from other files than the dbt project has now: what they changed is not known. Run \`npx spindle plan\`: it has dbt read the project, and writes it anew.`;
