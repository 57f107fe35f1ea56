/** Which page of Snowflake's documentation a statement is valid by, and what of it: by its beginning. */
const SOURCES: readonly (readonly [statement: RegExp, source: string])[] = [
  [
    /^ALTER SESSION SET/,
    'sql-reference/sql/alter-session: several parameters in one statement; sql-reference/parameters: TIMEZONE, TIMESTAMP_TYPE_MAPPING, LOCK_TIMEOUT',
  ],
  [/^CREATE SCHEMA IF NOT EXISTS/, 'sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database'],
  [/^CREATE STAGE IF NOT EXISTS/, 'sql-reference/sql/create-stage: an internal named stage without further options'],
  [
    /^CREATE TABLE IF NOT EXISTS "_SPINDLE"\."STATE OF [^"]*" AS SELECT/,
    'sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row',
  ],
  [
    /^CREATE TABLE IF NOT EXISTS/,
    'sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT',
  ],
  [
    /^CREATE OR REPLACE TABLE [^(]* CLONE .* COPY GRANTS$/,
    'sql-reference/sql/create-table#create-table-clone: OR REPLACE with CLONE and COPY GRANTS; the replacement is atomic',
  ],
  [/^CREATE OR REPLACE TABLE/, 'sql-reference/sql/create-table: OR REPLACE'],
  [
    /^CREATE TEMPORARY TABLE .*TRY_PARSE_JSON/s,
    'sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas; sql-reference/functions/try_parse_json: null for a text that is no JSON, such as one with a key twice',
  ],
  [/^CREATE TEMPORARY TABLE/, 'sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session'],
  [/^ALTER TABLE/, 'sql-reference/sql/alter-table, alter-table-column: ADD COLUMN, ALTER COLUMN … DROP NOT NULL'],
  [/^DESCRIBE TABLE/, 'sql-reference/sql/desc-table: name, type, null?'],
  [/^DROP TABLE IF EXISTS/, 'sql-reference/sql/drop-table'],
  [/^LIST /, 'sql-reference/sql/list: a path of a named stage, in quotes'],
  [/^PUT /, 'sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes'],
  [/^REMOVE /, 'sql-reference/sql/remove: all files under a path'],
  [
    /^COPY INTO .* FILES = \(/,
    'sql-reference/sql/copy-into-table: FILES, at most 1,000 names, each behind the URL of an external stage; the rest as of a COPY from the internal stage; user-guide/querying-metadata: METADATA$FILENAME',
  ],
  [
    /^COPY INTO /,
    'sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER',
  ],
  [/^BEGIN TRANSACTION$/, 'sql-reference/sql/begin; sql-reference/transactions'],
  [/^SELECT CURRENT_TRANSACTION\(\)/, 'sql-reference/functions/current_transaction: null outside of a transaction'],
  [/^COMMIT$/, 'sql-reference/sql/commit'],
  [/^ROLLBACK$/, 'sql-reference/sql/rollback: no error without a transaction'],
  [/^UPDATE /, 'sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends'],
  [/^DELETE FROM .* USING /s, 'sql-reference/sql/delete: USING a subquery'],
  [/^DELETE FROM /, 'sql-reference/sql/delete: WHERE with a subquery'],
  [
    /^INSERT INTO .*FROM VALUES/s,
    'sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute',
  ],
  [
    /^INSERT INTO .*VALUES/s,
    'sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute',
  ],
  [
    /^INSERT INTO .*OVER \(/s,
    'sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/max: as a window function with a frame; user-guide/querying-semistructured: LINE[…]; sql-reference/functions/is_array, iff, convert_timezone',
  ],
  [
    /^INSERT INTO .*IS_OBJECT\(/s,
    'sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/is_object, substr, max; user-guide/querying-semistructured',
  ],
  [/^INSERT INTO /, 'sql-reference/sql/insert: INSERT … SELECT; user-guide/querying-semistructured'],
  [
    /^SELECT "N", COUNT\(\*\) AS "FOUND", COUNT\(/,
    'sql-reference/functions/count: of a column, the rows that are not null; user-guide/semistructured-considerations: null of SQL and of JSON',
  ],
  [/^SELECT .*LEAD\(/s, 'sql-reference/functions/lead; sql-reference/functions/is_array'],
  [/^SELECT REGEXP_REPLACE/, 'sql-reference/functions/regexp_replace: of the subject; sql-reference/functions/startswith, max, max_by'],
  [
    /^SELECT TABLE_NAME AS "NAME" FROM INFORMATION_SCHEMA/,
    'sql-reference/info-schema/tables: of the database of the session; sql-reference/functions/startswith',
  ],
  [/^SELECT "FILE", COUNT/, 'sql-reference/sql/select; sql-reference/functions/is_object'],
  [/^SELECT DATE_PART\(EPOCH_SECOND/, 'sql-reference/functions/date_part, date_trunc'],
  [/^SELECT /, 'sql-reference/sql/select'],
];

/** Throws for a statement that nobody has looked up. */
export function sourceOf(sql: string): string {
  const found = SOURCES.find(([statement]) => statement.test(sql));
  if (found === undefined) throw new Error(`no page of the documentation is named for: ${sql}`);
  return found[1];
}
