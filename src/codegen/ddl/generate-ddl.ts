import { posix } from 'node:path';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { TableDeclaration } from '../../runtime/schema/create-table.ts';
import { deadLetterColumns, deadLetterTable } from '../../runtime/schema/dead-letter.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import { isLoaded, tableColumns } from '../../runtime/store/table-columns.ts';
import { tableWarehouse } from '../../runtime/store/table-warehouse.ts';
import { commentText } from '../comment-text.ts';
import { fileName } from '../file-name.ts';
import { generatedFile, type GeneratedFile, type Origin } from '../generated-file.ts';
import { ddlOf, declaredTable } from './table-ddl.ts';

export interface DdlInput {
  readonly graph: Graph;
  readonly dialects: readonly Dialect[];
  /** Relative to the project's folder. */
  readonly folder: string;
  readonly origin: Origin;
}

/** One file for each dialect, and for each warehouse where a project has several. */
export function generateDdl({ graph, dialects, folder, origin }: DdlInput): readonly GeneratedFile[] {
  const warehouses = tablesByWarehouse(graph);
  return dialects.flatMap((dialect) =>
    [...warehouses].map(([warehouse, tables]) => {
      const name = warehouse === 'warehouse' ? dialect : `${dialect}.${fileName(warehouse)}`;
      return generatedFile(
        { path: posix.join(folder, `${name}.sql`), comment: '--', text: `${headOf(graph, warehouse)}\n${ddlOf(tables, dialect)}` },
        origin,
      );
    }),
  );
}

/** What the project writes: models are dbt's to create, and a source's table is somebody else's. */
function isWritten({ store, run }: AssetDefinition): boolean {
  return store?.kind === 'table' && run !== undefined;
}

/** By the name of the warehouse, in the order of the names. */
function tablesByWarehouse(graph: Graph): ReadonlyMap<string, readonly TableDeclaration[]> {
  const byWarehouse = new Map<string, Map<string, TableDeclaration>>();
  for (const asset of graph.assets.filter(isWritten)) {
    const table = declaredTable(asset);
    if (table === undefined) continue;
    const tables = byWarehouse.get(tableWarehouse(asset)) ?? new Map<string, TableDeclaration>();
    byWarehouse.set(tableWarehouse(asset), tables);
    const loaded = isLoaded(asset);
    tables.set(table.name, { ...table, columns: tableColumns(asset) });
    const letters = deadLetterTable(table.name);
    if (loaded && !tables.has(letters)) tables.set(letters, { name: letters, columns: deadLetterColumns });
  }
  return new Map([...byWarehouse].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, tables]) => [name, [...tables.values()]]));
}

function headOf(graph: Graph, warehouse: string): string {
  const others = graph.assets
    .filter((asset) => asset.store?.kind === 'table' && !isWritten(asset) && tableWarehouse(asset) === warehouse)
    .map(({ key }) => commentText(key));
  return [
    '-- The tables that Spindle creates by itself where they are missing: for a review, and for those who do not let it create any.',
    ...(others.length === 0 ? [] : [`-- Not here, for dbt or something else makes them: ${others.join(', ')}.`]),
    '',
  ].join('\n');
}
