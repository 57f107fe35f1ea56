import type { z } from 'zod';
import type { Asset } from '../../runtime/declare/asset.ts';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import { commentOnTable, createTable, type TableDeclaration } from '../../runtime/schema/create-table.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import { quoteIdentifier, splitTable } from '../../runtime/schema/quote.ts';

/** SQL that creates the schemas and tables of the assets that are tables, in the order of their names; other assets are left out. Columns are those that the schemas declare. */
export function tableDdl(assets: readonly Asset[], dialect: Dialect): string {
  return ddlOf(
    assets.flatMap(({ definition }) => declaredTable(definition) ?? []),
    dialect,
  );
}

/** The table that an asset is, as its store declares it; undefined for what is none. SCHEMA_UNMAPPABLE for columns that have no type. */
export function declaredTable({ key, description, store }: AssetDefinition): TableDeclaration | undefined {
  const { kind, location, schema } = store?.spec ?? {};
  if (kind !== 'table' || location === undefined || schema === undefined) return undefined;
  return {
    name: location,
    columns: columnsOf(schema as z.ZodObject, { asset: key }),
    ...(description !== undefined && { description }),
  };
}

/** The statements for tables, in the order of their names, each with a semicolon and on lines of its own. */
export function ddlOf(tables: readonly TableDeclaration[], dialect: Dialect): string {
  const sorted = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const schemas = [...new Set(sorted.map(({ name }) => splitTable(name).schema))];
  const statements = [
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema, dialect)}`),
    ...sorted.flatMap((table) => [createTable(table, dialect), ...commentOnTable(table, dialect)]),
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}
