import { relative } from 'node:path';
import { readCommittedProject } from '../../dbt/parse-project.ts';
import { modelFolders } from '../model-folders.ts';
import type { Session } from '../session.ts';
import type { Finding } from './finding.ts';

/** Whether the committed manifest of each dbt project is that of its files: `list`, `graph` and `plan --offline` take it as it is. */
export async function examineManifests({ root, graph }: Session): Promise<readonly Finding[]> {
  return Promise.all(
    modelFolders(graph).map(async (folder): Promise<Finding> => {
      const check = 'dbt manifest';
      const path = `${relative(root, folder)}/manifest.json`;
      const { stale } = await readCommittedProject(folder);
      if (!stale) return { check, status: 'ok', message: `${path} is up to date` };
      const remedy = 'Run `spindle plan`: it has dbt parse the project and writes the file; then commit it.';
      return { check, status: 'warn', message: `${path} was made from other files than the project has now`, remedy };
    }),
  );
}
