import type { DuckDBConnection } from '@duckdb/node-api';
import type { GivenTable, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier, quoteLiteral } from '../../../runtime/schema/quote.ts';
import { copyTable } from './copy-table.ts';
import { queryRows } from './query.ts';
import { selectRows } from './rows.ts';

/** Names the database of one statement among those of the same instance. */
export interface GivenStatement {
  readonly given: readonly GivenTable[];
  readonly database: string;
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Runs a statement that finds the given tables in a database in memory, and all others in the connection's own: that one is not touched. */
export async function queryGiven(connection: DuckDBConnection, { given, database, sql, params }: GivenStatement): Promise<WarehouseRow[]> {
  const [own] = await selectRows(connection, 'SELECT current_database() AS name');
  const file = String(own?.['name']);
  const schemas = await selectRows(
    connection,
    'SELECT DISTINCT schema_name AS name FROM duckdb_schemas() WHERE database_name = current_database()',
  );
  const stage = quoteIdentifier(database, 'duckdb');
  await connection.run(`ATTACH ':memory:' AS ${stage}`);
  try {
    await connection.run(`USE ${stage}`);
    for (const { table, rows } of given) await copyTable(connection, { ...table, rows });
    const stood = given.map(({ table }) => table.name.split('.')[0] ?? '');
    // A name is looked for in the databases of those entries whose schema it names, in their order; any other in the first entry's.
    const path = [[file, 'main'], ...stood.map((schema) => [database, schema]), ...schemas.map(({ name }) => [file, String(name)])];
    const text = path.map((entry) => entry.map((part) => quoteIdentifier(part ?? '', 'duckdb')).join('.')).join(',');
    await connection.run(`SET search_path = ${quoteLiteral(text, 'duckdb')}`);
    return await queryRows(connection, sql, params);
  } finally {
    await connection.run(`USE ${quoteIdentifier(file, 'duckdb')}`);
    await connection.run(`DETACH ${stage}`);
  }
}
