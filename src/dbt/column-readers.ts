import type { DbtDependency, DbtGraph, DbtNode } from './graph.ts';
import { readProjectSettings } from './project-settings.ts';
import { openProjectText, type ProjectText } from './project-text.ts';
import { mentions, takesEveryColumn } from './sql-words.ts';
import { unitTestInputs, type UnitTestInput } from './unit-test-inputs.ts';

/** A dbt project whose manifest was read, and its folder, absolute. */
export interface ReadProject {
  readonly graph: DbtGraph;
  readonly dir: string;
}

/**
 * Who in a dbt project reads these columns of a source (`schema.table`), for each column sorted: models, seeds and snapshots by their keys, singular
 * tests, and generic ones that are written elsewhere and name the source, as `test NAME`, unit tests as `unit test NAME`. A name is followed through models for as long as they carry it. It is judged by the words of
 * the SQL, without a warehouse: what is in doubt counts as a reader, so nobody is left out, and one too many may be named.
 */
export async function columnReaders(
  project: ReadProject,
  relation: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = project.graph.sources.filter((source) => source.relation.toLowerCase() === relation.toLowerCase());
  if (sources.length === 0 || columns.length === 0) return new Map(columns.map((column) => [column, []]));
  const text = await openProjectText(project.dir, await readProjectSettings(project.dir));
  const inputs = (await text.yamlFiles()).flatMap(unitTestInputs);
  const reading: Reading = { graph: project.graph, text, inputs, sources: new Set(sources.map(({ name }) => name)) };
  return new Map(await Promise.all(columns.map(async (column) => [column, await readersOf(column, reading)] as const)));
}

interface Reading {
  readonly graph: DbtGraph;
  readonly text: ProjectText;
  readonly inputs: readonly UnitTestInput[];
  /** The names of the source whose column is looked for. */
  readonly sources: ReadonlySet<string>;
}

async function readersOf(column: string, reading: Reading): Promise<readonly string[]> {
  const { graph, text, sources } = reading;
  const carrying = new Map<string, DbtNode>();
  const reaches = (dependsOn: readonly DbtDependency[]) =>
    dependsOn.some((dependency) => (dependency.kind === 'source' ? sources.has(dependency.name) : carrying.has(dependency.id)));
  const names = async (path: string | undefined): Promise<boolean> => {
    const sql = path === undefined || !/\.(?:sql|csv)$/.test(path) ? undefined : await text.withMacros(path);
    // What is not SQL, or is not found, may read anything.
    return sql === undefined || mentions(sql, column) || takesEveryColumn(sql);
  };
  for (;;) {
    const size = carrying.size;
    for (const node of graph.nodes)
      if (!carrying.has(node.uniqueId) && reaches(node.dependsOn) && (await names(node.path))) carrying.set(node.uniqueId, node);
    if (carrying.size === size) break;
  }
  // which column of it they read is in their arguments, which the manifest that is committed has not
  const generic = graph.tests.flatMap(({ kind, name, source, dependsOn }) => {
    const isElsewhere = kind === 'generic' && (source === undefined || !sources.has(source));
    return isElsewhere && dependsOn.some((one) => one.kind === 'source' && sources.has(one.name)) ? [`test ${name}`] : [];
  });
  const singular: string[] = [];
  for (const { kind, name, dependsOn } of graph.tests)
    if (kind === 'singular' && reaches(dependsOn) && (await names(text.tests.get(name)))) singular.push(`test ${name}`);

  const carried = new Set([...sources, ...[...carrying.values()].map(nameOf)]);
  const unit: string[] = [];
  for (const { test, input, rows, fixture } of reading.inputs) {
    if (!carried.has(input)) continue;
    if (rows === undefined && fixture === undefined) continue; // given as empty
    if (rows === undefined ? await names(text.tests.get(fixture ?? '')) : mentions(rows, column)) unit.push(`unit test ${test}`);
  }
  const models = [...carrying.values()].map(({ key }) => key);
  return [models, [...generic, ...singular], unit].flatMap((names) => [...new Set(names)].toSorted());
}

/** What `ref()` calls it, whichever its package and version: as in 'model.shop.sales.v2'. */
const nameOf = ({ uniqueId }: DbtNode): string => uniqueId.split('.')[2] ?? '';
