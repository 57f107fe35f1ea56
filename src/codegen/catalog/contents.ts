import { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Column } from '../../runtime/schema/column.ts';
import { wireJsonSchema } from '../../runtime/schema/evolution/wire-json-schema.ts';
import { sqlType } from '../../runtime/schema/sql-type.ts';
import { tableColumns } from '../../runtime/store/table-columns.ts';
import { fieldsOf, type Allowed, type Field } from './fields.ts';
import { code, markdownTable, plain } from './markdown.ts';
import type { CatalogModel } from './model.ts';

/** What an asset's rows or records hold, as a table: columns of tables and models, fields of all others. */
export function contents(
  asset: AssetDefinition,
  { model, link }: { readonly model: CatalogModel | undefined; link(key: string): string },
): readonly string[] {
  const { store, transform } = asset;
  if (store === undefined) return [];
  if (transform !== undefined) return modelColumns(model);
  const { kind, schema } = store.spec;
  if (schema === undefined) return [];
  if (kind === 'table' && schema instanceof z.ZodObject)
    return columnTable(tableColumns(asset), (column) => {
      const reference = store.spec.table?.references[column];
      return reference === undefined ? '' : `${link(reference.asset.key)} ${code(reference.column)}`;
    });
  return markdownTable<Field>(
    [
      ['Field', ({ path }) => code(path)],
      ['Type', ({ type }) => plain(type)],
      ['May be left out', ({ optional }) => (optional ? 'yes' : '')],
      ['Allowed', ({ allowed }) => allowedText(allowed)],
      ['Description', ({ description }) => plain(description)],
    ],
    fieldsOf(wireJsonSchema(schema)),
  );
}

function columnTable(columns: readonly Column[], referenceOf: (column: string) => string): readonly string[] {
  return markdownTable<Column>(
    [
      ['Column', ({ name }) => code(name)],
      ['DuckDB', (column) => code(sqlType(column, 'duckdb'))],
      ['Snowflake', (column) => code(sqlType(column, 'snowflake'))],
      ['May be null', ({ nullable }) => (nullable ? 'yes' : '')],
      ['Allowed', (column) => allowedText(allowedIn(column))],
      ['One of', ({ name }) => referenceOf(name)],
      ['Description', ({ description = '' }) => plain(description)],
    ],
    columns,
  );
}

function modelColumns(model: CatalogModel | undefined): readonly string[] {
  return markdownTable<CatalogModel['columns'][number]>(
    [
      ['Column', ({ name }) => code(name)],
      ['Type', ({ type }) => (type === undefined ? '' : code(type))],
      ['Description', ({ description }) => plain(description)],
    ],
    model?.columns ?? [],
  );
}

function allowedIn({ values, minimum, maximum }: Column): readonly Allowed[] {
  if (values !== undefined) return values.map((value) => ({ value: JSON.stringify(value) }));
  return [...(minimum === undefined ? [] : [{ limit: `≥ ${minimum}` }]), ...(maximum === undefined ? [] : [{ limit: `≤ ${maximum}` }])];
}

const allowedText = (allowed: readonly Allowed[]): string =>
  allowed.map((one) => ('value' in one ? code(one.value) : plain(one.limit))).join(', ');
