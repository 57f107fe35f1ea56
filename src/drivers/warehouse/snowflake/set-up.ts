import type { SetUpPart, SetUpStatement, WarehouseLayout, WarehouseSetUp } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier } from '../../../runtime/schema/quote.ts';
import { bootstrap, setUpNames } from './bootstrap.ts';
import { stagePlace, type ExternalStage } from './external-stage.ts';
import { STAGE } from './ledger.ts';
import { addressOf } from './reach.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import type { SnowflakeSettings } from './settings.ts';
import { setUpError } from './set-up-error.ts';
import { isUnknownObject } from './snowflake-error.ts';
import { isStageFailure, unseen } from './stage-failure.ts';
import { withoutSecrets } from './stage-set-up.ts';

/** The set-up of the settings' database; its state is what `sessions` find. */
export function createSetUp(settings: SnowflakeSettings, stage: ExternalStage | undefined, sessions: Sessions): WarehouseSetUp {
  const names = setUpNames(settings);
  const plan = (layout: WarehouseLayout) => bootstrap(names, layout, stage && withoutSecrets(stage));
  return {
    name: `${names.database} at ${addressOf(settings)}`,
    plan,
    apply: (layout) => apply(settings, bootstrap(names, layout, stage), plan(layout)),
    state: (layout) => sessions.use((session) => readState(session, { database: names.database, stage }, layout)),
  };
}

/** On a session of its own, without the role, the warehouse and the database that are only to be made. `shown` are the same statements without secrets. */
async function apply(
  { database: _database, role: _role, warehouse: _warehouse, ...settings }: SnowflakeSettings,
  statements: readonly SetUpStatement[],
  shown: readonly SetUpStatement[],
): Promise<void> {
  const sessions = new Sessions(settings, 'spindle warehouse init');
  try {
    await sessions.use(async (session) => {
      for (const [index, { sql }] of statements.entries())
        await session.run(sql).catch((error: unknown) => Promise.reject(setUpError(sessions.error(error), sql, shown[index]?.sql ?? '')));
    });
  } finally {
    await sessions.close();
  }
}

async function readState(
  session: Session,
  { database, stage }: { readonly database: string; readonly stage: ExternalStage | undefined },
  { tables, models }: WarehouseLayout,
): Promise<readonly SetUpPart[]> {
  const [current] = await session.select('SELECT CURRENT_USER() AS "USER", CURRENT_ROLE() AS "ROLE", CURRENT_WAREHOUSE() AS "WAREHOUSE"');
  const found = await schemasOf(session, database);
  const schemas = ['_SPINDLE', ...new Set([...tables, ...models].map((name) => name.toUpperCase()).toSorted())];
  return [
    ...['user', 'role', 'warehouse'].map((part) => ({ part, name: current?.[part] ?? '', exists: Boolean(current?.[part]) })),
    { part: 'database', name: database, exists: found !== undefined },
    ...schemas.map((name) => ({ part: 'schema', name, exists: found?.has(name) === true })),
    { part: 'stage', name: '_SPINDLE.STAGE', exists: found?.has('_SPINDLE') === true && (await hasStage(session, STAGE)) },
    ...(stage === undefined
      ? []
      : [{ part: 'external stage', name: stage.name.replaceAll('"', ''), exists: await hasStage(session, stage.name) }]),
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

async function hasStage(session: Session, name: string): Promise<boolean> {
  try {
    await session.run(`LIST ${stagePlace({ name }, '/none/')}`);
    return true;
  } catch (error) {
    if (isUnknownObject(error)) return false;
    throw isStageFailure(error) ? unseen({ name }, 'the lake', error) : error;
  }
}
