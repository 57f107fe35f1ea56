import type { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { DbtProject } from '../../runtime/declare/project.ts';
import { SpindleError } from '../../runtime/errors.ts';
import { compare } from '../../runtime/graph/model.ts';
import { columnProblems } from '../../runtime/schema/column-problems.ts';
import { splitTable } from '../../runtime/schema/quote.ts';
import { tableColumns } from '../../runtime/store/table-columns.ts';
import { jinjaLiteral } from '../jinja-literal.ts';
import { isReserved, sourceName } from './identifier.ts';
import { sourceTable, type SourceScope } from './source-table.ts';

/** The sources of a dbt project, one for each schema, by name. `project` is the Spindle project's name. */
export function sourcesOf(
  { sources, references }: Pick<DbtProject, 'sources' | 'references'>,
  project: string,
  note: (text: string) => void,
): readonly Readonly<Record<string, unknown>>[] {
  const assets = [...new Set(sources.map(({ definition }) => definition))].toSorted((a, b) => compare(locationOf(a), locationOf(b)));
  const relations = new Map(references().map(({ definition, ref }) => [definition, ref]));
  for (const asset of assets) {
    const { schema, table } = splitTable(locationOf(asset));
    relations.set(asset, `source('${schema}', '${table}')`);
  }
  const scope: SourceScope = { relationOf: (asset) => relations.get(asset), note };
  const schemas = [...new Set(assets.map((asset) => splitTable(locationOf(asset)).schema))];
  return schemas.map((schema) => ({
    name: schema,
    description: jinjaLiteral(`Tables of the schema ${schema} that assets of the project ${project} are kept in.`),
    schema: sourceName(schema),
    ...(isReserved(schema) && { quoting: { schema: true } }),
    tables: assets
      .filter((asset) => splitTable(locationOf(asset)).schema === schema)
      .map((asset) => sourceTable({ asset, columns: tableColumns(asset) }, scope)),
  }));
}

const locationOf = ({ store }: AssetDefinition): string => store?.spec.location ?? '';

/** Refuses sources that are no tables, share one, or have a column that no table holds: GRAPH_INVALID or SCHEMA_UNMAPPABLE, with all of them. */
export function requireTables(projects: readonly Pick<DbtProject, 'name' | 'sources'>[]): void {
  const invalid: string[] = [];
  const unmappable = new Set<string>();
  for (const { name, sources } of projects) {
    const tables = new Map<string, string>();
    for (const { definition } of new Set(sources)) {
      const { key, store } = definition;
      if (store?.spec.kind !== 'table') {
        invalid.push(
          `DBT_SOURCE: ${key} is among the sources of the dbt project ${name}, and is no table: give it a table store, or take it out.`,
        );
        continue;
      }
      const other = tables.get(locationOf(definition));
      if (other !== undefined && other !== key)
        invalid.push(
          `DBT_SOURCE: ${other} and ${key} are the table ${locationOf(definition)}, and dbt can have it as a source once: take one of them out of the sources of ${name}.`,
        );
      tables.set(locationOf(definition), key);
      for (const problem of columnProblems(store.spec.schema as z.ZodObject, key)) unmappable.add(problem);
      const problems = store.spec.problems?.(key, definition.partitions) ?? [];
      invalid.push(...problems.filter((problem) => !unmappable.has(problem)).map((problem) => `STORE: ${key}: ${problem}`));
    }
  }
  if (unmappable.size > 0) throw problemsWith('SCHEMA_UNMAPPABLE', 'dbt reads columns that no table can hold', [...unmappable]);
  if (invalid.length > 0) throw problemsWith('GRAPH_INVALID', 'dbt cannot be told of its sources', [...new Set(invalid)]);
}

function problemsWith(code: 'SCHEMA_UNMAPPABLE' | 'GRAPH_INVALID', what: string, issues: readonly string[]): SpindleError {
  const message = `${what}:\n${issues.map((issue) => `  ${issue}`).join('\n')}`;
  return new SpindleError(code, message, { issues, remedy: 'Change the project as the message says.' });
}
