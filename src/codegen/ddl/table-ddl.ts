import type { z } from 'zod';
import type { Asset } from '../../runtime/declare/asset.ts';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import { createTable } from '../../runtime/schema/create-table.ts';
import type { Dialect } from '../../runtime/schema/dialect.ts';
import { quoteIdentifier, splitTable } from '../../runtime/schema/quote.ts';

/** SQL that creates the schemas and tables of the assets that are tables, in the order of their names; other assets are left out. Columns are those that the schemas declare. */
export function tableDdl(assets: readonly Asset[], dialect: Dialect): string {
  const tables = assets.flatMap(({ key, definition: { store } }) => {
    const { kind, location, schema } = store?.spec ?? {};
    return kind === 'table' && location !== undefined && schema !== undefined
      ? [{ name: location, columns: columnsOf(schema as z.ZodObject, { asset: key }) }]
      : [];
  });
  const sorted = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const schemas = [...new Set(sorted.map(({ name }) => splitTable(name).schema))];
  const statements = [
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema, dialect)}`),
    ...sorted.map((spec) => createTable(spec, dialect)),
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}
