import { z } from 'zod';
import { columnReaders } from '../../dbt/column-readers.ts';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { Change } from '../../runtime/schema/evolution/change.ts';
import { columnOf } from '../../runtime/schema/evolution/compare-tables.ts';
import { isLoaded } from '../../runtime/store/table-columns.ts';
import { dbtGraphs, modelsByKey } from '../dbt-graphs.ts';

/** Whom a change concerns: assets downstream, in the graph's order, and tests of dbt that read what changed. */
export interface Concerned {
  readonly assets: readonly string[];
  readonly tests: readonly string[];
}

/** Who reads a column of a table in the SQL of dbt. */
interface Readers {
  readonly models: readonly string[];
  readonly tests: readonly string[];
}
const NOBODY: Readers = { models: [], tests: [] };

export type ConcernedOf = (change: Change, asset: string) => Concerned;

/** How to find out whom changes concern: of what dbt builds, who reads the columns that they are about. */
export async function concernedBy(graph: Graph, changes: readonly Change[]): Promise<ConcernedOf> {
  const columns = [...new Set(changes.filter((change) => !isQuiet(change)).map(({ path }) => columnOf(path)))].filter(
    (name) => name !== '',
  );
  const readers = await readersOf(graph, columns);
  return (change, asset) => {
    if (isQuiet(change)) return { assets: declaring(change, asset, graph), tests: [] };
    return reached(columnOf(change.path), asset, { graph, readers });
  };
}

/** A field that is new or otherwise described is nothing to those that do not declare it. */
const isQuiet = ({ kind }: Change): boolean => kind === 'added' || kind === 'documentation';

function declaring({ path }: Change, asset: string, graph: Graph): readonly string[] {
  const downstream = graph.descendants(asset);
  const inner = path.replace(/^\([^)]*\)\.?/, '');
  return graph.keys.filter((key) => {
    const schema: unknown = graph.get(key).store?.spec.schema;
    const shape = schema instanceof z.ZodObject ? schema.shape : {};
    const isField = (name: string) => inner === name || (inner.startsWith(name) && '.[('.includes(inner.charAt(name.length)));
    return downstream.has(key) && Object.keys(shape).some(isField);
  });
}

/** Whatever else changes may reach everything that is computed from it; a model of dbt only where it reads the column, or a model that does, or what a function computed of it. */
function reached(
  column: string,
  start: string,
  { graph, readers }: { readonly graph: Graph; readonly readers: ReadonlyMap<string, Readers> },
): Concerned {
  const found = new Set([start]);
  const reading = new Set<string>();
  const tests = new Set<string>();
  // what code makes of the column may be in any column of its own
  const remade = new Set<string>();
  const read = ({ store }: AssetDefinition): void => {
    if (store?.kind !== 'table') return;
    const of = readers.get(`${store.spec.location} ${column}`) ?? NOBODY;
    for (const model of of.models) reading.add(model);
    for (const test of of.tests) tests.add(test);
  };
  read(graph.get(start));
  for (const asset of graph.assets) {
    const above = Object.values(asset.dependencies).flatMap(({ upstream, mapping }) => (mapping.kind === 'order' ? [] : [upstream.key]));
    const isFollowed = column !== '' && graph.get(start).transform === undefined && !above.some((key) => remade.has(key));
    const isSpared = asset.transform !== undefined && isFollowed && !reading.has(asset.key);
    if (!above.some((key) => found.has(key)) || isSpared) continue;
    found.add(asset.key);
    if (!isFollowed || isCode(asset)) remade.add(asset.key);
    read(asset);
  }
  return { assets: graph.keys.filter((key) => key !== start && found.has(key)), tests: [...tests].toSorted() };
}

/** Whether a function makes what the asset holds: what is landed or loaded has the names that it had. */
const isCode = (asset: AssetDefinition): boolean => asset.run !== undefined && asset.store?.kind !== 'landing' && !isLoaded(asset);

/** By `schema.table column`. */
async function readersOf(graph: Graph, columns: readonly string[]): Promise<ReadonlyMap<string, Readers>> {
  const all = new Map<string, Readers>();
  if (columns.length === 0) return all;
  const projects = await dbtGraphs(graph);
  const keyOf = new Map([...modelsByKey(graph, projects)].map(([asset, { dir, key }]) => [`${dir}\n${key}`, asset]));
  for (const { dir, graph: dbt } of projects)
    for (const relation of new Set(dbt.sources.map((source) => source.relation)))
      for (const [column, names] of await columnReaders({ graph: dbt, dir }, relation, columns)) {
        const before = all.get(`${relation} ${column}`) ?? NOBODY;
        const isTest = (name: string) => /^(?:unit )?test /.test(name);
        const models = names.filter((name) => !isTest(name)).flatMap((name) => keyOf.get(`${dir}\n${name}`) ?? []);
        all.set(`${relation} ${column}`, {
          models: [...before.models, ...models],
          tests: [...before.tests, ...names.filter(isTest)],
        });
      }
  return all;
}
