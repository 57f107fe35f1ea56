-- What a load sends to Snowflake, as the tests saw it: made by statements.test.ts (vitest -u writes it anew).
-- Above each statement: the page of docs.snowflake.com that it is valid by, and what of that page.

-- === the first load of a table

-- sql-reference/sql/alter-session: several parameters in one statement; sql-reference/parameters: TIMEZONE, TIMESTAMP_TYPE_MAPPING, LOCK_TIMEOUT
ALTER SESSION SET TIMEZONE = 'UTC', TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ', LOCK_TIMEOUT = 600;

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "_SPINDLE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "_SPINDLE"."LOADS" (
  "TABLE_NAME" VARCHAR NOT NULL,
  "OBJECT_KEY" VARCHAR NOT NULL,
  "ETAG" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "LOADED" NUMBER(16,0) NOT NULL,
  "REJECTED" NUMBER(16,0) NOT NULL,
  "BYTES" NUMBER(16,0) NOT NULL,
  "LOADED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
);

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "_SPINDLE"."WRITES" (
  "TABLE_NAME" VARCHAR NOT NULL,
  "IDENTITY" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "MODE" VARCHAR NOT NULL,
  "WRITTEN" NUMBER(16,0) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
);

-- sql-reference/sql/create-stage: an internal named stage without further options
CREATE STAGE IF NOT EXISTS "_SPINDLE"."STAGE";

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g1'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "BRONZE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "BRONZE"."DEAD_LETTERS" (
  "TOPIC" VARCHAR NOT NULL COMMENT 'The topic that the record came from; of a line, the prefix of its files.',
  "PARTITION" NUMBER(16,0) NOT NULL COMMENT 'Its partition; 0 of a line.',
  "OFFSET" NUMBER(16,0) NOT NULL COMMENT 'Its offset in the partition; of a line, its number in the file, from 1 on.',
  "RECORDED_AT" TIMESTAMP_NTZ(9) NOT NULL COMMENT 'The record''s own time stamp; of a line, when it was loaded.',
  "RAW" VARCHAR COMMENT 'The value as text; null where the record had none, or the line is too long to be kept.',
  "RAW_BASE64" VARCHAR COMMENT 'The value byte by byte, where it is not UTF-8 text.',
  "REASONS" VARIANT NOT NULL COMMENT 'Why it was set aside.',
  "OBJECT" VARCHAR NOT NULL COMMENT 'The key of the object or the file that carried it.',
  "FOR_TABLE" VARCHAR COMMENT 'The table that it could not go to; null where it was loaded before this was kept.',
  "LOADED_AT" TIMESTAMP_NTZ(9) NOT NULL COMMENT 'When it was loaded.'
);

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "BRONZE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "BRONZE"."PLAYS" (
  "ID" VARCHAR NOT NULL,
  "MS" NUMBER(16,0) NOT NULL,
  "RATE" FLOAT,
  "LIKED" BOOLEAN,
  "PLAYED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "DAY" DATE,
  "DEVICE" VARIANT,
  "_OBJECT" VARCHAR COMMENT 'The key of the object that the row was loaded from.',
  "_LOADED_AT" TIMESTAMP_NTZ(9) COMMENT 'When the row was loaded.'
);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes
PUT 'file://<FILE>' '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/' AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4;

-- sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/remove: all files under a path
REMOVE '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/';

-- sql-reference/functions/lead; sql-reference/functions/is_array
SELECT M."N" AS "N", COALESCE(M."FOLLOWING", F."LAST" + 1) - M."LINE_NUMBER" - 1 AS "FOUND"
FROM (
  SELECT "FILE", "LINE_NUMBER", "LINE"[0]::NUMBER(16,0) AS "N", LEAD("LINE_NUMBER") OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER") AS "FOLLOWING"
  FROM "_SPINDLE"."LINES <RANDOM>" WHERE IS_ARRAY("LINE")
) M JOIN (SELECT "FILE", MAX("LINE_NUMBER") AS "LAST" FROM "_SPINDLE"."LINES <RANDOM>" GROUP BY "FILE") F ON F."FILE" = M."FILE";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") SELECT '', COLUMN1, PARSE_JSON(COLUMN2) FROM VALUES (?, ?);

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."DEAD_LETTERS" WHERE CURRENT_TRANSACTION() = '<ID>' AND COALESCE("FOR_TABLE", 'bronze.plays') = 'bronze.plays' AND "OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays');

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."WRITES" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = ?;

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."LOADS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = 'bronze.plays';

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."PLAYS" WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/max: as a window function with a frame; user-guide/querying-semistructured: LINE[…]; sql-reference/functions/is_array, iff, convert_timezone
INSERT INTO "BRONZE"."PLAYS" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::NUMBER(16,0), LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM "_SPINDLE"."LINES <RANDOM>"
  ) WHERE NOT IS_ARRAY("LINE")
) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; user-guide/querying-semistructured
INSERT INTO "BRONZE"."DEAD_LETTERS" ("TOPIC", "PARTITION", "OFFSET", "RECORDED_AT", "RAW", "RAW_BASE64", "REASONS", "OBJECT", "FOR_TABLE", "LOADED_AT") SELECT LINE['topic']::VARCHAR, LINE['partition']::NUMBER(16,0), LINE['offset']::NUMBER(16,0), CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['recorded_at']::VARCHAR))::TIMESTAMP_NTZ(9), LINE['raw']::VARCHAR, LINE['raw_base64']::VARCHAR, IFF(IS_NULL_VALUE(LINE['reasons']), NULL, LINE['reasons']), LINE['object']::VARCHAR, LINE['for_table']::VARCHAR, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['loaded_at']::VARCHAR))::TIMESTAMP_NTZ(9) FROM "_SPINDLE"."LINES <RANDOM>" WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/functions/date_part, date_trunc
SELECT DATE_PART(EPOCH_SECOND, DATE_TRUNC('HOUR', (CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9))::TIMESTAMP_NTZ)) AS "SLICE", COUNT(*) AS "N"
FROM (
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM "_SPINDLE"."LINES <RANDOM>"
  ) WHERE NOT IS_ARRAY("LINE")
) GROUP BY 1 ORDER BY 1;

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- === up to where a listing may leave objects out

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/select
SELECT COUNT(*) AS N FROM "BRONZE"."PLAYS";

-- sql-reference/functions/regexp_replace: of the subject; sql-reference/functions/startswith, max, max_by
SELECT REGEXP_REPLACE("OBJECT_KEY", '/[^/]*$', '') AS "FOLDER", MAX("OBJECT_KEY") AS "LAST", MAX_BY("ETAG", "OBJECT_KEY") AS "ETAG", COUNT(*) AS "OBJECTS" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = ? AND STARTSWITH("OBJECT_KEY", ?) GROUP BY 1;

-- === what is loaded already

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/select
SELECT COUNT(*) AS N FROM "BRONZE"."PLAYS";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/select
SELECT L."OBJECT_KEY", L."ETAG", L."GENERATION", L."LOADED" FROM "_SPINDLE"."LOADS" L JOIN "_SPINDLE"."OBJECTS <RANDOM>" K ON K."OBJECT_KEY" = L."OBJECT_KEY" WHERE L."TABLE_NAME" = ?;

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- === a load of what is new

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g1'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/select
SELECT COUNT(*) AS N FROM "BRONZE"."PLAYS";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/select
SELECT L."OBJECT_KEY", L."ETAG", L."GENERATION", L."LOADED" FROM "_SPINDLE"."LOADS" L JOIN "_SPINDLE"."OBJECTS <RANDOM>" K ON K."OBJECT_KEY" = L."OBJECT_KEY" WHERE L."TABLE_NAME" = ?;

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes
PUT 'file://<FILE>' '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/' AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4;

-- sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/remove: all files under a path
REMOVE '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/';

-- sql-reference/functions/lead; sql-reference/functions/is_array
SELECT M."N" AS "N", COALESCE(M."FOLLOWING", F."LAST" + 1) - M."LINE_NUMBER" - 1 AS "FOUND"
FROM (
  SELECT "FILE", "LINE_NUMBER", "LINE"[0]::NUMBER(16,0) AS "N", LEAD("LINE_NUMBER") OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER") AS "FOLLOWING"
  FROM "_SPINDLE"."LINES <RANDOM>" WHERE IS_ARRAY("LINE")
) M JOIN (SELECT "FILE", MAX("LINE_NUMBER") AS "LAST" FROM "_SPINDLE"."LINES <RANDOM>" GROUP BY "FILE") F ON F."FILE" = M."FILE";

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/max: as a window function with a frame; user-guide/querying-semistructured: LINE[…]; sql-reference/functions/is_array, iff, convert_timezone
INSERT INTO "BRONZE"."PLAYS" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::NUMBER(16,0), LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM "_SPINDLE"."LINES <RANDOM>"
  ) WHERE NOT IS_ARRAY("LINE")
) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- === a load of an object whose content changed

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g1'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/select
SELECT COUNT(*) AS N FROM "BRONZE"."PLAYS";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/select
SELECT L."OBJECT_KEY", L."ETAG", L."GENERATION", L."LOADED" FROM "_SPINDLE"."LOADS" L JOIN "_SPINDLE"."OBJECTS <RANDOM>" K ON K."OBJECT_KEY" = L."OBJECT_KEY" WHERE L."TABLE_NAME" = ?;

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes
PUT 'file://<FILE>' '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/' AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4;

-- sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/remove: all files under a path
REMOVE '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/';

-- sql-reference/functions/lead; sql-reference/functions/is_array
SELECT M."N" AS "N", COALESCE(M."FOLLOWING", F."LAST" + 1) - M."LINE_NUMBER" - 1 AS "FOUND"
FROM (
  SELECT "FILE", "LINE_NUMBER", "LINE"[0]::NUMBER(16,0) AS "N", LEAD("LINE_NUMBER") OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER") AS "FOLLOWING"
  FROM "_SPINDLE"."LINES <RANDOM>" WHERE IS_ARRAY("LINE")
) M JOIN (SELECT "FILE", MAX("LINE_NUMBER") AS "LAST" FROM "_SPINDLE"."LINES <RANDOM>" GROUP BY "FILE") F ON F."FILE" = M."FILE";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."DEAD_LETTERS" WHERE CURRENT_TRANSACTION() = '<ID>' AND COALESCE("FOR_TABLE", 'bronze.plays') = 'bronze.plays' AND "OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays' AND "OBJECT_KEY" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."OBJECTS <RANDOM>"));

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."PLAYS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "_OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays' AND "OBJECT_KEY" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."OBJECTS <RANDOM>"));

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."LOADS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = 'bronze.plays' AND "OBJECT_KEY" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."OBJECTS <RANDOM>");

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/max: as a window function with a frame; user-guide/querying-semistructured: LINE[…]; sql-reference/functions/is_array, iff, convert_timezone
INSERT INTO "BRONZE"."PLAYS" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::NUMBER(16,0), LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM "_SPINDLE"."LINES <RANDOM>"
  ) WHERE NOT IS_ARRAY("LINE")
) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- === a full refresh into other columns

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g2'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/info-schema/tables: of the database of the session; sql-reference/functions/startswith
SELECT TABLE_NAME AS "NAME" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '_SPINDLE' AND STARTSWITH(TABLE_NAME, ?);

-- sql-reference/sql/create-table: OR REPLACE
CREATE OR REPLACE TABLE "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" (
  "ID" VARCHAR NOT NULL,
  "MS" VARCHAR NOT NULL,
  "RATE" FLOAT,
  "LIKED" BOOLEAN,
  "PLAYED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "DAY" DATE,
  "DEVICE" VARIANT,
  "_OBJECT" VARCHAR COMMENT 'The key of the object that the row was loaded from.',
  "_LOADED_AT" TIMESTAMP_NTZ(9) COMMENT 'When the row was loaded.'
);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes
PUT 'file://<FILE>' '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/' AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4;

-- sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/remove: all files under a path
REMOVE '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/';

-- sql-reference/functions/lead; sql-reference/functions/is_array
SELECT M."N" AS "N", COALESCE(M."FOLLOWING", F."LAST" + 1) - M."LINE_NUMBER" - 1 AS "FOUND"
FROM (
  SELECT "FILE", "LINE_NUMBER", "LINE"[0]::NUMBER(16,0) AS "N", LEAD("LINE_NUMBER") OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER") AS "FOLLOWING"
  FROM "_SPINDLE"."LINES <RANDOM>" WHERE IS_ARRAY("LINE")
) M JOIN (SELECT "FILE", MAX("LINE_NUMBER") AS "LAST" FROM "_SPINDLE"."LINES <RANDOM>" GROUP BY "FILE") F ON F."FILE" = M."FILE";

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."DEAD_LETTERS" WHERE CURRENT_TRANSACTION() = '<ID>' AND COALESCE("FOR_TABLE", 'bronze.plays') = 'bronze.plays' AND "OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays');

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."WRITES" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = ?;

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."LOADS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = 'bronze.plays';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/max: as a window function with a frame; user-guide/querying-semistructured: LINE[…]; sql-reference/functions/is_array, iff, convert_timezone
INSERT INTO "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::VARCHAR, LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (
  SELECT "N", "LINE" FROM (
    SELECT "LINE", MAX(IFF(IS_ARRAY("LINE"), "LINE"[0]::NUMBER(16,0), NULL)) OVER (PARTITION BY "FILE" ORDER BY "LINE_NUMBER" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "N"
    FROM "_SPINDLE"."LINES <RANDOM>"
  ) WHERE NOT IS_ARRAY("LINE")
) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/create-table#create-table-clone: OR REPLACE with CLONE and COPY GRANTS; the replacement is atomic
CREATE OR REPLACE TABLE "BRONZE"."PLAYS" CLONE "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" COPY GRANTS;

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SUCCESSOR" = NULL WHERE "SUCCESSOR" = ?;

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- === a load of files from elsewhere

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g3'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/info-schema/tables: of the database of the session; sql-reference/functions/startswith
SELECT TABLE_NAME AS "NAME" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '_SPINDLE' AND STARTSWITH(TABLE_NAME, ?);

-- sql-reference/sql/create-table: OR REPLACE
CREATE OR REPLACE TABLE "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" (
  "ID" VARCHAR NOT NULL,
  "MS" NUMBER(16,0) NOT NULL,
  "RATE" FLOAT,
  "LIKED" BOOLEAN,
  "PLAYED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "DAY" DATE,
  "DEVICE" VARIANT,
  "_OBJECT" VARCHAR COMMENT 'The key of the object that the row was loaded from.',
  "_LOADED_AT" TIMESTAMP_NTZ(9) COMMENT 'When the row was loaded.'
);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/put: AUTO_COMPRESS, OVERWRITE, PARALLEL; the file name and the stage in quotes
PUT 'file://<FILE>' '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/' AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4;

-- sql-reference/sql/copy-into-table: COPY with a transformation, TYPE = JSON, COMPRESSION, ALLOW_DUPLICATE, ON_ERROR; user-guide/querying-metadata: METADATA$FILENAME, METADATA$FILE_ROW_NUMBER
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/remove: all files under a path
REMOVE '@"_SPINDLE"."STAGE"/bronze.plays/<ATTEMPT>/';

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas; sql-reference/functions/try_parse_json: null for a text that is no JSON, such as one with a key twice
CREATE TEMPORARY TABLE "_SPINDLE"."PARSED <RANDOM>" AS SELECT "LINE"[0]::NUMBER(16,0) AS "N", "LINE"[1]::NUMBER(16,0) AS "LINE_NUMBER", TRY_PARSE_JSON("LINE"[2]::VARCHAR) AS "LINE" FROM "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/functions/count: of a column, the rows that are not null; user-guide/semistructured-considerations: null of SQL and of JSON
SELECT "N", COUNT(*) AS "FOUND", COUNT("LINE") AS "TAKEN" FROM "_SPINDLE"."PARSED <RANDOM>" GROUP BY "N";

-- sql-reference/sql/select
SELECT "N", "LINE_NUMBER" FROM "_SPINDLE"."PARSED <RANDOM>" WHERE "LINE" IS NULL ORDER BY 1, 2;

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") SELECT '', COLUMN1, PARSE_JSON(COLUMN2) FROM VALUES (?, ?);

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."DEAD_LETTERS" WHERE CURRENT_TRANSACTION() = '<ID>' AND COALESCE("FOR_TABLE", 'bronze.plays') = 'bronze.plays' AND "OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays');

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."WRITES" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = ?;

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."LOADS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = 'bronze.plays';

-- sql-reference/sql/insert: INSERT … SELECT; user-guide/querying-semistructured
INSERT INTO "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::NUMBER(16,0), LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (SELECT "N", "LINE" FROM "_SPINDLE"."PARSED <RANDOM>" WHERE "LINE" IS NOT NULL) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; user-guide/querying-semistructured
INSERT INTO "BRONZE"."DEAD_LETTERS" ("TOPIC", "PARTITION", "OFFSET", "RECORDED_AT", "RAW", "RAW_BASE64", "REASONS", "OBJECT", "FOR_TABLE", "LOADED_AT") SELECT LINE['topic']::VARCHAR, LINE['partition']::NUMBER(16,0), LINE['offset']::NUMBER(16,0), CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['recorded_at']::VARCHAR))::TIMESTAMP_NTZ(9), LINE['raw']::VARCHAR, LINE['raw_base64']::VARCHAR, IFF(IS_NULL_VALUE(LINE['reasons']), NULL, LINE['reasons']), LINE['object']::VARCHAR, LINE['for_table']::VARCHAR, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['loaded_at']::VARCHAR))::TIMESTAMP_NTZ(9) FROM "_SPINDLE"."LINES <RANDOM>" WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/create-table#create-table-clone: OR REPLACE with CLONE and COPY GRANTS; the replacement is atomic
CREATE OR REPLACE TABLE "BRONZE"."PLAYS" CLONE "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>" COPY GRANTS;

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."SUCCESSOR OF BRONZE.PLAYS <ATTEMPT>";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SUCCESSOR" = NULL WHERE "SUCCESSOR" = ?;

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."PARSED <RANDOM>";

-- === the first load of a table by an external stage

-- sql-reference/sql/alter-session: several parameters in one statement; sql-reference/parameters: TIMEZONE, TIMESTAMP_TYPE_MAPPING, LOCK_TIMEOUT
ALTER SESSION SET TIMEZONE = 'UTC', TIMESTAMP_TYPE_MAPPING = 'TIMESTAMP_NTZ', LOCK_TIMEOUT = 600;

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "_SPINDLE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "_SPINDLE"."LOADS" (
  "TABLE_NAME" VARCHAR NOT NULL,
  "OBJECT_KEY" VARCHAR NOT NULL,
  "ETAG" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "LOADED" NUMBER(16,0) NOT NULL,
  "REJECTED" NUMBER(16,0) NOT NULL,
  "BYTES" NUMBER(16,0) NOT NULL,
  "LOADED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
);

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "_SPINDLE"."WRITES" (
  "TABLE_NAME" VARCHAR NOT NULL,
  "IDENTITY" VARCHAR NOT NULL,
  "GENERATION" VARCHAR NOT NULL,
  "MODE" VARCHAR NOT NULL,
  "WRITTEN" NUMBER(16,0) NOT NULL,
  "SEQUENCE" NUMBER(16,0) NOT NULL
);

-- sql-reference/sql/create-stage: an internal named stage without further options
CREATE STAGE IF NOT EXISTS "_SPINDLE"."STAGE";

-- sql-reference/sql/create-table#create-table-as-select-also-referred-to-as-ctas: one statement makes table and row
CREATE TABLE IF NOT EXISTS "_SPINDLE"."STATE OF BRONZE.PLAYS" AS SELECT 'g1'::VARCHAR AS "GENERATION", 0::NUMBER(16,0) AS "HELD", '0'::VARCHAR AS "DIGEST", 0::NUMBER(16,0) AS "SEQUENCE", NULL::VARCHAR AS "SUCCESSOR", NULL::VARCHAR AS "WRITER";

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."DEAD_LETTERS";

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "BRONZE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "BRONZE"."DEAD_LETTERS" (
  "TOPIC" VARCHAR NOT NULL COMMENT 'The topic that the record came from; of a line, the prefix of its files.',
  "PARTITION" NUMBER(16,0) NOT NULL COMMENT 'Its partition; 0 of a line.',
  "OFFSET" NUMBER(16,0) NOT NULL COMMENT 'Its offset in the partition; of a line, its number in the file, from 1 on.',
  "RECORDED_AT" TIMESTAMP_NTZ(9) NOT NULL COMMENT 'The record''s own time stamp; of a line, when it was loaded.',
  "RAW" VARCHAR COMMENT 'The value as text; null where the record had none, or the line is too long to be kept.',
  "RAW_BASE64" VARCHAR COMMENT 'The value byte by byte, where it is not UTF-8 text.',
  "REASONS" VARIANT NOT NULL COMMENT 'Why it was set aside.',
  "OBJECT" VARCHAR NOT NULL COMMENT 'The key of the object or the file that carried it.',
  "FOR_TABLE" VARCHAR COMMENT 'The table that it could not go to; null where it was loaded before this was kept.',
  "LOADED_AT" TIMESTAMP_NTZ(9) NOT NULL COMMENT 'When it was loaded.'
);

-- sql-reference/sql/desc-table: name, type, null?
DESCRIBE TABLE "BRONZE"."PLAYS";

-- sql-reference/sql/create-schema: IF NOT EXISTS; needs CREATE SCHEMA on the database
CREATE SCHEMA IF NOT EXISTS "BRONZE";

-- sql-reference/sql/create-table: IF NOT EXISTS, NOT NULL; sql-reference/intro-summary-data-types: VARCHAR, NUMBER, FLOAT, BOOLEAN, TIMESTAMP_NTZ, DATE, VARIANT
CREATE TABLE IF NOT EXISTS "BRONZE"."PLAYS" (
  "ID" VARCHAR NOT NULL,
  "MS" NUMBER(16,0) NOT NULL,
  "RATE" FLOAT,
  "LIKED" BOOLEAN,
  "PLAYED_AT" TIMESTAMP_NTZ(9) NOT NULL,
  "DAY" DATE,
  "DEVICE" VARIANT,
  "_OBJECT" VARCHAR COMMENT 'The key of the object that the row was loaded from.',
  "_LOADED_AT" TIMESTAMP_NTZ(9) COMMENT 'When the row was loaded.'
);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."OBJECTS <RANDOM>" ("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR);

-- sql-reference/sql/insert; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."OBJECTS <RANDOM>" ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?);

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/list: a path of a named stage, in quotes
LIST '@"_SPINDLE"."STAGE"/bronze.plays/';

-- sql-reference/sql/copy-into-table: FILES, at most 1,000 names, each behind the URL of an external stage; the rest as of a COPY from the internal stage; user-guide/querying-metadata: METADATA$FILENAME
COPY INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM '@"<DATABASE>"."PUBLIC"."LAKE"') FILES = ('plays/1/0/0') FILE_FORMAT = (TYPE = JSON COMPRESSION = GZIP ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT;

-- sql-reference/sql/select; sql-reference/functions/is_object
SELECT "FILE", COUNT(*) AS "FOUND" FROM "_SPINDLE"."LINES <RANDOM>" WHERE NOT COALESCE(IS_OBJECT("LINE"['_rejected']), FALSE) GROUP BY "FILE";

-- sql-reference/sql/create-table: TEMPORARY; user-guide/tables-temp-transient: gone with the session
CREATE TEMPORARY TABLE "_SPINDLE"."LINES <RANDOM>" ("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT);

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LINES <RANDOM>" ("FILE", "LINE_NUMBER", "LINE") SELECT '', COLUMN1, PARSE_JSON(COLUMN2) FROM VALUES (?, ?);

-- sql-reference/sql/begin; sql-reference/transactions
BEGIN TRANSACTION;

-- sql-reference/functions/current_transaction: null outside of a transaction
SELECT CURRENT_TRANSACTION() AS "ID";

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "SEQUENCE" = "SEQUENCE" + 1, "WRITER" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."DEAD_LETTERS" WHERE CURRENT_TRANSACTION() = '<ID>' AND COALESCE("FOR_TABLE", 'bronze.plays') = 'bronze.plays' AND "OBJECT" IN (SELECT "OBJECT_KEY" FROM "_SPINDLE"."LOADS" WHERE "TABLE_NAME" = 'bronze.plays');

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."WRITES" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = ?;

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "_SPINDLE"."LOADS" WHERE CURRENT_TRANSACTION() = '<ID>' AND "TABLE_NAME" = 'bronze.plays';

-- sql-reference/sql/delete: WHERE with a subquery
DELETE FROM "BRONZE"."PLAYS" WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/functions/is_object, substr, max; user-guide/querying-semistructured
INSERT INTO "BRONZE"."PLAYS" ("ID", "MS", "RATE", "LIKED", "PLAYED_AT", "DAY", "DEVICE", "_OBJECT", "_LOADED_AT")
SELECT LINE['id']::VARCHAR, LINE['ms']::NUMBER(16,0), LINE['rate']::FLOAT, LINE['liked']::BOOLEAN, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['played_at']::VARCHAR))::TIMESTAMP_NTZ(9), TO_DATE(LINE['day']::VARCHAR), IFF(IS_NULL_VALUE(LINE['device']), NULL, LINE['device']), O."OBJECT_KEY", '2026-02-01T00:00:00.000'::TIMESTAMP_NTZ(9)
FROM (
  SELECT O."N" AS "N", L."LINE" AS "LINE" FROM "_SPINDLE"."LINES <RANDOM>" L
  JOIN (SELECT "OBJECT_KEY", MAX("N") AS "N" FROM "_SPINDLE"."OBJECTS <RANDOM>" GROUP BY "OBJECT_KEY") O ON O."OBJECT_KEY" = SUBSTR(L."FILE", 6)
  WHERE NOT COALESCE(IS_OBJECT(L."LINE"['_rejected']), FALSE)
) R JOIN "_SPINDLE"."OBJECTS <RANDOM>" O ON O."N" = R."N"
WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; user-guide/querying-semistructured
INSERT INTO "BRONZE"."DEAD_LETTERS" ("TOPIC", "PARTITION", "OFFSET", "RECORDED_AT", "RAW", "RAW_BASE64", "REASONS", "OBJECT", "FOR_TABLE", "LOADED_AT") SELECT LINE['topic']::VARCHAR, LINE['partition']::NUMBER(16,0), LINE['offset']::NUMBER(16,0), CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['recorded_at']::VARCHAR))::TIMESTAMP_NTZ(9), LINE['raw']::VARCHAR, LINE['raw_base64']::VARCHAR, IFF(IS_NULL_VALUE(LINE['reasons']), NULL, LINE['reasons']), LINE['object']::VARCHAR, LINE['for_table']::VARCHAR, CONVERT_TIMEZONE('UTC', TO_TIMESTAMP_TZ(LINE['loaded_at']::VARCHAR))::TIMESTAMP_NTZ(9) FROM "_SPINDLE"."LINES <RANDOM>" WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/insert: INSERT … SELECT; sql-reference/constructs/values: COLUMN1, COLUMN2, …; many rows of parameters in one statement: developer-guide/node-js/nodejs-driver-execute
INSERT INTO "_SPINDLE"."LOADS" ("TABLE_NAME", "OBJECT_KEY", "ETAG", "GENERATION", "LOADED", "REJECTED", "BYTES", "LOADED_AT", "SEQUENCE")
SELECT COLUMN1, COLUMN2, COLUMN3, COLUMN4, COLUMN5, COLUMN6, COLUMN7, COLUMN8::TIMESTAMP_NTZ, COLUMN9 FROM VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/update; sql-reference/transactions#resource-locking: holds the table until the transaction ends
UPDATE "_SPINDLE"."STATE OF BRONZE.PLAYS" SET "GENERATION" = ?, "HELD" = ?, "DIGEST" = ?, "SUCCESSOR" = ? WHERE CURRENT_TRANSACTION() = '<ID>';

-- sql-reference/sql/commit
COMMIT;

-- sql-reference/sql/select
SELECT * FROM "_SPINDLE"."STATE OF BRONZE.PLAYS";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."OBJECTS <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";

-- sql-reference/sql/drop-table
DROP TABLE IF EXISTS "_SPINDLE"."LINES <RANDOM>";
