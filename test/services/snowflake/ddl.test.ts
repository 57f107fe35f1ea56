import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateDdl } from '../../../src/codegen/ddl/generate-ddl.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { Warehouse } from '../../../src/runtime/resource/warehouse.ts';
import { makeTables } from '../../codegen/schemas/make-tables.ts';
import { originOf, shop } from '../../codegen/schemas/shop.ts';
import { accountName, openAccount, type Account } from './account.ts';

const TABLES = ['BRONZE.SALES', 'BRONZE.DEAD_LETTERS', 'SHOP.PRICES', 'SHOP.DEAD_LETTERS', 'GOLD.TOTALS'];

async function described(warehouse: Warehouse): Promise<unknown> {
  const columns: unknown[] = [];
  for (const table of TABLES)
    for (const row of await warehouse.query(`DESCRIBE TABLE ${table}`))
      columns.push([table, row['name'], row['type'], row['null?'], row['comment']]);
  return columns;
}

describe(`the DDL of Snowflake, on ${accountName}`, () => {
  let account: Account;
  beforeAll(async () => (account = await openAccount()));
  afterAll(() => account.close());

  it('makes, also when run twice, what the warehouse itself makes', { timeout: 120_000 }, async () => {
    const file = generateDdl({ graph: shop, dialects: ['snowflake'], folder: 'sql', origin: originOf('ddl') }).find(
      ({ path }) => path === 'sql/snowflake.sql',
    );
    const statements = (file?.text ?? '')
      .slice(file?.text.indexOf('CREATE'))
      .split(/;\n(?=CREATE |$)/)
      .filter((sql) => sql !== '');
    expect(statements.length).toBeGreaterThan(7);
    const byHand = await account.open(noFaults);
    for (const sql of [...statements, ...statements]) await byHand.query(sql);
    const bySpindle = await account.open(noFaults);
    await makeTables(bySpindle);
    const columns = await described(bySpindle);
    expect(JSON.stringify(columns)).toContain('TIMESTAMP_NTZ(9)');
    expect(await described(byHand)).toEqual(columns);
    await byHand.close();
    await bySpindle.close();
  });
});
