import { posix, relative, sep } from 'node:path';
import { generateCatalog } from '../../codegen/catalog/generate-catalog.ts';
import { dbtGraphs, modelsByKey } from '../dbt-graphs.ts';
import type { Session } from '../session.ts';
import type { Generated } from './generators.ts';
import { originOf, outFolder } from './origin.ts';
import type { OutArguments } from './schema-options.ts';

/** A catalog of a project's data. */
export async function generate(session: Session, { out }: OutArguments): Promise<Generated> {
  const { root, graph } = session;
  const folder = outFolder(out, 'docs/catalog');
  const models = [...modelsByKey(graph, await dbtGraphs(graph))].map(([key, { dir, path, materialized, contract, columns }]) => {
    const shown = posix.join(relative(root, dir).split(sep).join('/'), path);
    return [key, { path: shown, materialized, contract, columns }] as const;
  });
  const files = generateCatalog({ graph, models: new Map(models), folder, origin: originOf(session, 'docs', { out }) });
  return { files, owns: [{ folder, ending: '.md', deep: false }], notes: [] };
}
