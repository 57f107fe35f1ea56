import snowflake, { type Binds } from 'snowflake-sdk';
import { Event, eventAt } from '../landed-events.ts';
import { RECORDS_OF_OBJECT } from './chain.ts';

const COLUMNS = Object.keys(Event.shape);

/**
 * The way of pipelines that go without a bulk load, through the same client: each record is parsed and inserted into a staging table by a statement of its own, and behind each
 * object of the lake the staging table is merged into the table by the records' id, and emptied. `url` is counted by the caller.
 */
export async function loadRowByRow(url: string, database: string, objects: number): Promise<number> {
  const connection = snowflake.createConnection({
    account: 'emulator',
    username: 'SPINDLE',
    password: 'any',
    accessUrl: url,
    database,
    schema: 'PUBLIC',
  });
  const run = (sqlText: string, binds: Binds = []) =>
    new Promise<void>((resolve, reject) => {
      connection.execute({ sqlText, binds, complete: (error) => (error === undefined || error === null ? resolve() : reject(error)) });
    });
  await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  const columns = COLUMNS.map((name) => `"${name.toUpperCase()}" VARIANT`).join(', ');
  await run(`CREATE TABLE EVENTS (${columns}, "ID" VARCHAR)`);
  await run('CREATE TABLE STAGING ("ID" VARCHAR, "RECORD" VARIANT)');
  const names = COLUMNS.map((name) => `"${name.toUpperCase()}"`).join(', ');
  const values = COLUMNS.map((name) => `S."RECORD"['${name}']`).join(', ');
  for (let object = 0; object < objects; object++) {
    for (let row = 0; row < RECORDS_OF_OBJECT; row++) {
      const event = eventAt(object * RECORDS_OF_OBJECT + row, 0);
      await run('INSERT INTO STAGING ("ID", "RECORD") SELECT ?, PARSE_JSON(?)', [event.event_id, JSON.stringify(event)]);
    }
    await run(
      `MERGE INTO EVENTS T USING STAGING S ON T."ID" = S."ID" WHEN NOT MATCHED THEN INSERT ("ID", ${names}) VALUES (S."ID", ${values})`,
    );
    await run('DELETE FROM STAGING');
  }
  await new Promise<void>((resolve) => connection.destroy(() => resolve()));
  return objects * RECORDS_OF_OBJECT;
}
