import { posix, relative, sep } from 'node:path';
import type { CatalogModel } from '../../codegen/catalog/asset-section.ts';
import { generateCatalog } from '../../codegen/catalog/generate-catalog.ts';
import { readCommittedGraph } from '../../dbt/parse-project.ts';
import type { Session } from '../session.ts';
import type { Generated } from './generators.ts';
import { originOf, outFolder } from './origin.ts';
import type { OutArguments } from './schema-options.ts';

/** A catalog of a project's data. */
export async function generate(session: Session, { out }: OutArguments): Promise<Generated> {
  const folder = outFolder(out, 'docs/catalog');
  const models = await modelsOf(session);
  const files = generateCatalog({ graph: session.graph, models, folder, origin: originOf(session, 'docs', { out }) });
  return { files, owns: [{ folder, ending: '.md', deep: false }], notes: [] };
}

/** What the manifests tell of the models that are assets, by their keys. */
async function modelsOf({ root, graph }: Session): Promise<ReadonlyMap<string, CatalogModel>> {
  const transformed = graph.assets.flatMap(({ key, transform }) => (transform === undefined ? [] : [{ key, ...transform }]));
  const dirs = [...new Set(transformed.map(({ dir }) => dir))];
  const nodes = new Map(
    (
      await Promise.all(
        dirs.map(async (dir) => ((await readCommittedGraph(dir))?.nodes ?? []).map((node) => [`${dir}\n${node.uniqueId}`, node] as const)),
      )
    ).flat(),
  );
  return new Map(
    transformed.flatMap(({ key, dir, uniqueId }) => {
      const node = nodes.get(`${dir}\n${uniqueId}`);
      if (node === undefined) return [];
      const path = posix.join(relative(root, dir).split(sep).join('/'), node.path);
      return [[key, { path, materialized: node.materialized, contract: node.contract, columns: node.columns }] as const];
    }),
  );
}
