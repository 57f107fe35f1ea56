import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import type { SnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { ObjectStore } from '../../../src/runtime/resource/object-store.ts';
import type { LoadObject, TableLoad } from '../../../src/runtime/resource/warehouse.ts';
import { landObject, loadOf, play, playsTable } from '../../../src/testing/contract/warehouse/fixture.ts';

const OBJECTS = 30;
const ROWS = 100;

/** Objects of good and flagged records in a folder that other processes read too. */
export async function fillLake(directory: string): Promise<readonly LoadObject[]> {
  return fillStore(await openFileSystemStore({ directory, faults: noFaults }));
}

export async function fillStore(lake: ObjectStore): Promise<readonly LoadObject[]> {
  const objects: LoadObject[] = [];
  for (let n = 0; n < OBJECTS; n++)
    objects.push(
      await landObject(lake, `k/${String(n).padStart(3, '0')}`, {
        rows: Array.from({ length: ROWS }, (_, row) => play(`${n}/${row}`, { ms: row })),
        rejected: n % 3 === 0 ? ['{oops', 'no'] : [],
      }),
    );
  return objects;
}

export function loadInto(table: string, lake: ObjectStore, objects: readonly LoadObject[]): TableLoad {
  return loadOf(lake, objects, { table: playsTable({ name: table }) });
}

/** What is wrong with a table that is to hold the objects' rows once; nothing where nothing is. */
export async function problemsOf(warehouse: SnowflakeWarehouse, table: string, objects: readonly LoadObject[]): Promise<readonly string[]> {
  const problems: string[] = [];
  const rows = await warehouse.query(`SELECT _object AS o, COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM ${table} GROUP BY 1`);
  const letters = await warehouse.query(
    `SELECT object AS o, COUNT(*) AS n FROM bronze.dead_letters WHERE for_table = '${table}' GROUP BY 1`,
  );
  const counts = new Map(rows.map((row) => [row['o'], row]));
  const flagged = new Map(letters.map((row) => [row['o'], row['n']]));
  for (const object of objects) {
    const found = counts.get(object.key);
    if (found?.['n'] !== object.rows || found['d'] !== object.rows) problems.push(`${object.key}: ${JSON.stringify(found)}`);
    if ((flagged.get(object.key) ?? 0) !== object.rejected) problems.push(`${object.key}: ${String(flagged.get(object.key))} letters`);
  }
  if (counts.size !== objects.length) problems.push(`${counts.size} objects`);
  for (const { name } of await warehouse.query(`LIST '@"_SPINDLE"."STAGE"/${table}/'`)) problems.push(`left on the stage: ${String(name)}`);
  return problems;
}
