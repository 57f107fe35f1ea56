import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { generateDdl } from '../../../src/codegen/ddl/generate-ddl.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { temporaryFolder } from '../../drivers/temporary-folder.ts';
import { makeTables } from './make-tables.ts';
import { originOf, shop } from './shop.ts';

const COLUMNS = `SELECT schema_name, table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
  WHERE NOT internal AND schema_name <> '_spindle' AND database_name = current_database() ORDER BY schema_name, table_name, column_index`;
const TABLES = `SELECT schema_name, table_name, comment FROM duckdb_tables()
  WHERE schema_name <> '_spindle' AND database_name = current_database() ORDER BY 1, 2`;

/** What a file of DuckDB says that it holds. */
async function described(path: string): Promise<unknown> {
  const connection = await (await DuckDBInstance.create(path)).connect();
  const [columns, tables] = [await connection.runAndReadAll(COLUMNS), await connection.runAndReadAll(TABLES)];
  connection.closeSync();
  return { columns: columns.getRowsJson(), tables: tables.getRowsJson() };
}

describe('the files of DDL', () => {
  const files = generateDdl({ graph: shop, dialects: ['duckdb', 'snowflake'], folder: 'sql/', origin: originOf('ddl') });

  it('are one for each dialect, and for each warehouse beside the usual one', () => {
    expect(files.map(({ path }) => path.replace(/[0-9a-f]{16}/, '<digest>'))).toEqual([
      'sql/duckdb.second-warehouse-<digest>.sql',
      'sql/duckdb.sql',
      'sql/snowflake.second-warehouse-<digest>.sql',
      'sql/snowflake.sql',
    ]);
  });

  it('make in DuckDB, also when run twice, what the warehouse itself makes, with the columns of loads and the table of dead letters', async () => {
    const folder = await temporaryFolder();
    const [byHand, bySpindle] = [join(folder, 'hand.duckdb'), join(folder, 'spindle.duckdb')];
    const connection = await (await DuckDBInstance.create(byHand)).connect();
    const { text = '' } = files.find(({ path }) => path === 'sql/duckdb.sql') ?? {};
    for (let time = 0; time < 2; time += 1) await connection.run(text);
    connection.closeSync();

    const warehouse = await openDuckDbWarehouse({ path: bySpindle, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
    await makeTables(warehouse);
    await warehouse.close();
    expect(await described(byHand)).toEqual(await described(bySpindle));
  });

  it('leave out what dbt or something else makes, and say so', () => {
    const { text = '' } = files.find(({ path }) => path === 'sql/duckdb.sql') ?? {};
    expect(text).toContain('-- Not here, for dbt or something else makes them: bronze/dead_letters.\n');
  });
});
