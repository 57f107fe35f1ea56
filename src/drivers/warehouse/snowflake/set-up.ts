import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { SetUpPart, WarehouseLayout, WarehouseSetUp } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier } from '../../../runtime/schema/quote.ts';
import { bootstrap, setUpNames } from './bootstrap.ts';
import { STAGE } from './ledger.ts';
import { addressOf } from './reach.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import type { SnowflakeSettings } from './settings.ts';
import { isUnknownObject } from './snowflake-error.ts';

/** The set-up of the settings' database; its state is what `sessions` find. */
export function createSetUp(settings: SnowflakeSettings, sessions: Sessions): WarehouseSetUp {
  const names = setUpNames(settings);
  return {
    name: `${names.database} at ${addressOf(settings)}`,
    plan: (layout) => bootstrap(names, layout),
    apply: (layout) => apply(settings, layout),
    state: (layout) => sessions.use((session) => readState(session, names.database, layout)),
  };
}

/** On a session of its own, without the role, the warehouse and the database that are only to be made. */
async function apply({ database, role, warehouse, ...settings }: SnowflakeSettings, layout: WarehouseLayout): Promise<void> {
  const sessions = new Sessions(settings, 'spindle warehouse init');
  try {
    const statements = bootstrap(
      setUpNames({ database, ...(role !== undefined && { role }), ...(warehouse !== undefined && { warehouse }) }),
      layout,
    );
    await sessions.use(async (session) => {
      for (const { sql } of statements)
        await session.run(sql).catch((error: unknown) => Promise.reject(refused(sessions.error(error), sql)));
    });
  } finally {
    await sessions.close();
  }
}

function refused(error: unknown, sql: string): unknown {
  if (!isSpindleError(error) || error.transient) return error;
  return new SpindleError('WAREHOUSE_REFUSED', `the set-up ended at "${sql}": ${error.message}`, {
    remedy:
      'It takes a user that may take the roles USERADMIN, SECURITYADMIN and SYSADMIN, as ACCOUNTADMIN may: have one run what `spindle warehouse init --dry-run` prints. It can be run again at any time.',
    cause: error,
  });
}

async function readState(session: Session, database: string, { tables, models }: WarehouseLayout): Promise<readonly SetUpPart[]> {
  const [current] = await session.select('SELECT CURRENT_USER() AS "USER", CURRENT_ROLE() AS "ROLE", CURRENT_WAREHOUSE() AS "WAREHOUSE"');
  const found = await schemasOf(session, database);
  const schemas = ['_SPINDLE', ...new Set([...tables, ...models].map((name) => name.toUpperCase()).toSorted())];
  return [
    ...['user', 'role', 'warehouse'].map((part) => ({ part, name: current?.[part] ?? '', exists: Boolean(current?.[part]) })),
    { part: 'database', name: database, exists: found !== undefined },
    ...schemas.map((name) => ({ part: 'schema', name, exists: found?.has(name) === true })),
    { part: 'stage', name: '_SPINDLE.STAGE', exists: found?.has('_SPINDLE') === true && (await hasStage(session)) },
  ];
}

/** The names of its schemas; undefined where there is no such database for this role. */
async function schemasOf(session: Session, database: string): Promise<ReadonlySet<string | null | undefined> | undefined> {
  try {
    const rows = await session.select(
      `SELECT SCHEMA_NAME AS NAME FROM ${quoteIdentifier(database, 'snowflake')}.INFORMATION_SCHEMA.SCHEMATA`,
    );
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (isUnknownObject(error)) return undefined;
    throw error;
  }
}

async function hasStage(session: Session): Promise<boolean> {
  try {
    await session.run(`LIST @${STAGE}/none/`);
    return true;
  } catch (error) {
    if (isUnknownObject(error)) return false;
    throw error;
  }
}
