import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Column } from '../../runtime/schema/column.ts';
import { splitTable } from '../../runtime/schema/quote.ts';
import { sqlType } from '../../runtime/schema/sql-type.ts';
import { partitionColumns } from '../../runtime/store/partition-columns.ts';
import type { TableFacts } from '../../runtime/store/store.ts';
import { isLoaded } from '../../runtime/store/table-columns.ts';
import { jinjaLiteral } from '../jinja-literal.ts';
import { dataTest, schemaTests, type DataTest } from './column-tests.ts';
import { metaOf, tagsOf } from './config.ts';
import { freshnessOf } from './freshness.ts';
import { byTarget, isReserved, sourceName, sqlName } from './identifier.ts';
import { isLanded, LANDED_KEY } from './landed-table.ts';

export interface SourceTable {
  readonly asset: AssetDefinition;
  readonly columns: readonly Column[];
}

/** What the tables of one dbt project are described with. */
export interface SourceScope {
  /** How dbt names what an asset is to it, `source('bronze', 'users')` or `ref('users')`; undefined where it does not know the asset. */
  relationOf(asset: AssetDefinition): string | undefined;
  note(text: string): void;
}

/** A table of a source, as `sources.yml` has it. */
export function sourceTable(table: SourceTable, scope: SourceScope): Readonly<Record<string, unknown>> {
  const { asset, columns } = table;
  const { table: name } = splitTable(asset.store?.spec.location ?? '');
  const { description } = asset;
  const tests = combinationTests(table);
  return {
    name,
    ...(isReserved(name) && { identifier: sourceName(name), quoting: { identifier: true } }),
    ...(description !== undefined && description !== '' && { description: jinjaLiteral(description) }),
    config: tableConfig(table, scope),
    ...(tests.length > 0 && { data_tests: tests }),
    columns: columns.map((column) => sourceColumn(column, table, scope)),
  };
}

const factsOf = ({ store }: AssetDefinition): TableFacts | undefined => store?.spec.table;

function tableConfig({ asset, columns }: SourceTable, { note }: SourceScope): Readonly<Record<string, unknown>> {
  const { freshness, key } = asset;
  const loadedAt = factsOf(asset)?.loadedAt ?? (isLoaded(asset) ? '_loaded_at' : undefined);
  const partitionBy = factsOf(asset)?.partitionBy;
  const eventTime = columns.find(({ name, type }) => name === partitionBy && (type === 'timestamp' || type === 'date'));
  if (freshness !== undefined && loadedAt === undefined)
    note(
      `${key} is to be fresh within ${freshness}, and dbt cannot measure it: name the column that says when a row was written, loadedAt.`,
    );
  const tags = tagsOf(asset);
  return {
    ...(loadedAt !== undefined && { loaded_at_field: sqlName(loadedAt) }),
    ...(loadedAt !== undefined && freshness !== undefined && { freshness: freshnessOf(freshness) }),
    ...(eventTime !== undefined && { event_time: sqlName(eventTime.name) }),
    meta: metaOf(asset),
    ...(tags.length > 0 && { tags }),
  };
}

function sourceColumn(column: Column, table: SourceTable, scope: SourceScope): Readonly<Record<string, unknown>> {
  const { name, description } = column;
  const tests = [...schemaTests(column), ...uniqueTests(name, table), ...referenceTests(name, table, scope)];
  return {
    name: sourceName(name),
    ...(isReserved(name) && { quote: true }),
    data_type: byTarget((dialect) => sqlType(column, dialect).toLowerCase()),
    ...(description !== undefined && description !== '' && { description: jinjaLiteral(description) }),
    ...(tests.length > 0 && { data_tests: tests }),
  };
}

/** The columns that no two rows have alike: of landed records where they were, else the key of a table that holds it or is replaced; where that is done slice by slice, each slice may have the key. What is only appended may come twice. */
function uniqueColumns({ asset }: SourceTable): readonly string[] {
  if (isLanded(asset)) return LANDED_KEY;
  const { write, key = [], partitionBy } = factsOf(asset) ?? {};
  if (write === 'append' || key.length === 0) return [];
  const isSliced = write === 'replace' && asset.partitions !== undefined;
  return isSliced ? [...new Set([...key, ...partitionColumns(partitionBy)])] : key;
}

function uniqueTests(name: string, table: SourceTable): readonly DataTest[] {
  const [first, ...others] = uniqueColumns(table);
  return first === name && others.length === 0 ? ['unique'] : [];
}

function combinationTests(table: SourceTable): readonly DataTest[] {
  const columns = uniqueColumns(table);
  return columns.length < 2 ? [] : [dataTest('spindle_unique_together', { columns: columns.map(sqlName) })];
}

function referenceTests(name: string, { asset }: SourceTable, { relationOf, note }: SourceScope): readonly DataTest[] {
  const reference = factsOf(asset)?.references[name];
  if (reference === undefined) return [];
  const to = relationOf(reference.asset);
  if (to !== undefined) return [dataTest('relationships', { to, field: sqlName(reference.column) })];
  const place = `${reference.asset.key}.${reference.column}`;
  note(
    `${asset.key}.${name} references ${place}, which dbt does not know: there is no test of it. Add ${reference.asset.key} to the sources.`,
  );
  return [];
}
