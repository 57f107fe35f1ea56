import type { SetUpStatement, WarehouseLayout } from '../../../runtime/resource/warehouse.ts';
import { quoteIdentifier } from '../../../runtime/schema/quote.ts';
import type { ExternalStage } from './external-stage.ts';
import type { SnowflakeSettings } from './settings.ts';
import { stageSetUp } from './stage-set-up.ts';

/** What a set-up makes, as Snowflake names it. */
export interface SetUpNames {
  readonly database: string;
  readonly warehouse: string;
  /** Spindle's own role, the transformer's, and that of who reads. */
  readonly loader: string;
  readonly transformer: string;
  readonly reader: string;
}

const LEDGER_SCHEMA = '_SPINDLE';

/** Every account has them; an administrator's connection may name one. */
const SYSTEM_ROLES = ['ORGADMIN', 'ACCOUNTADMIN', 'SECURITYADMIN', 'USERADMIN', 'SYSADMIN', 'PUBLIC'];

/** Names come from the database, so that several of them have an account in common; a role of its own and a warehouse that the connection names are those. */
export function setUpNames({ database, role, warehouse }: Pick<SnowflakeSettings, 'database' | 'role' | 'warehouse'>): SetUpNames {
  return {
    database,
    warehouse: warehouse ?? `${database}_WH`,
    loader: role === undefined || SYSTEM_ROLES.includes(role.toUpperCase()) ? `${database}_LOADER` : role,
    transformer: `${database}_TRANSFORMER`,
    reader: `${database}_READER`,
  };
}

const quote = (name: string): string => quoteIdentifier(name, 'snowflake');

/**
 * Database, schemas, stage, warehouse and roles, each by a statement that may be run again. The roles have no right beyond what their work needs: the loader writes the tables of
 * Spindle and the ledger, and takes on the transformer's rights, because it calls it; the transformer reads those tables and writes its models; the reader reads both.
 */
export function bootstrap(names: SetUpNames, { tables, models }: WarehouseLayout, stage?: ExternalStage): readonly SetUpStatement[] {
  const [database, warehouse] = [quote(names.database), quote(names.warehouse)];
  const [loader, transformer, reader] = [quote(names.loader), quote(names.transformer), quote(names.reader)];
  const schemaOf = (schema: string) => `${database}.${quote(schema)}`;
  const ledger = schemaOf(LEDGER_SCHEMA);
  const all = [...new Set([...tables, ...models])].toSorted();
  const section = (purpose: string, ...statements: readonly (string | readonly string[])[]): readonly SetUpStatement[] =>
    statements.flat().map((sql) => ({ purpose, sql }));
  const reads = (schema: string, role: string) => [
    `GRANT USAGE ON SCHEMA ${schemaOf(schema)} TO ROLE ${role}`,
    ...['TABLES', 'VIEWS'].flatMap((objects) =>
      ['ALL', 'FUTURE'].map((which) => `GRANT SELECT ON ${which} ${objects} IN SCHEMA ${schemaOf(schema)} TO ROLE ${role}`),
    ),
  ];
  return [
    ...section(
      'Roles: for Spindle, for the transformer that it calls, and for who reads',
      'USE ROLE USERADMIN',
      [loader, transformer, reader].map((role) => `CREATE ROLE IF NOT EXISTS ${role}`),
      'USE ROLE SECURITYADMIN',
      // Spindle calls the transformer, and administrators see what the roles make
      `GRANT ROLE ${transformer} TO ROLE ${loader}`,
      [loader, reader].map((role) => `GRANT ROLE ${role} TO ROLE SYSADMIN`),
    ),
    ...section(
      'A warehouse that costs nothing while nothing runs',
      'USE ROLE SYSADMIN',
      `CREATE WAREHOUSE IF NOT EXISTS ${warehouse} WITH WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE`,
    ),
    ...section(
      'The database, and a schema for each layer; _SPINDLE holds the ledger of loads and what is on its way',
      `CREATE DATABASE IF NOT EXISTS ${database}`,
      [LEDGER_SCHEMA, ...all].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${schemaOf(schema)}`),
      `CREATE STAGE IF NOT EXISTS ${ledger}."STAGE"`,
      `CREATE FILE FORMAT IF NOT EXISTS ${ledger}."JSON_LINES" TYPE = JSON COMPRESSION = AUTO ALLOW_DUPLICATE = TRUE`,
    ),
    ...section(
      'What all of the roles may use',
      'USE ROLE SECURITYADMIN',
      [loader, transformer, reader].flatMap((role) => [
        `GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${role}`,
        `GRANT USAGE ON DATABASE ${database} TO ROLE ${role}`,
      ]),
    ),
    ...section(
      'The loader: the ledger, the stage and the tables of Spindle; a new schema with a new asset',
      `GRANT CREATE SCHEMA ON DATABASE ${database} TO ROLE ${loader}`,
      `GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA ${ledger} TO ROLE ${loader}`,
      `GRANT READ, WRITE ON STAGE ${ledger}."STAGE" TO ROLE ${loader}`,
      `GRANT USAGE ON FILE FORMAT ${ledger}."JSON_LINES" TO ROLE ${loader}`,
      tables.map((schema) => `GRANT USAGE, CREATE TABLE ON SCHEMA ${schemaOf(schema)} TO ROLE ${loader}`),
    ),
    ...section(
      'The transformer: reads the tables of Spindle, writes its models',
      tables.flatMap((schema) => reads(schema, transformer)),
      models.map((schema) => `GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA ${schemaOf(schema)} TO ROLE ${transformer}`),
    ),
    ...section(
      'The reader: reads both',
      all.flatMap((schema) => reads(schema, reader)),
    ),
    ...(stage === undefined ? [] : stageSetUp(stage, { loader, database })),
  ];
}
