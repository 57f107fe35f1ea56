import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { Compression } from '../../../runtime/store/compression.ts';
import type { Folder } from './folder.ts';
import type { Session } from './session.ts';

/** Rows sent by one statement with its parameters: the SDK itself goes by a stage where there are more than its threshold. */
const BOUND_ROWS = 5_000;

/** A temporary table of records as they were read: LINE holds each as VARIANT, FILE and LINE_NUMBER tell where it stood. */
export interface Lines {
  readonly table: string;
}

/** The records of a load as a relation of SQL: N is the number of the object that a record is of, LINE the record as VARIANT. */
export interface Records {
  readonly relation: string;
}

export async function createLines(session: Session): Promise<Lines> {
  return { table: await session.createTemporary('LINES', '("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT)') };
}

/** A place of a stage as a statement names it, and which of its files; all of them unless given. */
export interface CopySource extends Folder {
  readonly files?: readonly string[];
}

/** Copies files of a stage into the table, by one COPY. */
export async function copyLines(
  session: Session,
  { table }: Lines,
  { location, files }: CopySource,
  compression: Compression | 'none',
): Promise<void> {
  const chosen = files === undefined ? '' : ` FILES = (${files.map((file) => quoteLiteral(file, 'snowflake')).join(', ')})`;
  await session.run(
    `COPY INTO ${table} ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM ${location})${chosen} FILE_FORMAT = (TYPE = JSON COMPRESSION = ${compression.toUpperCase()} ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT`,
  );
}

/** The lines of a text, each of which ends with LF. */
export const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

/** Writes a few records into the table, each a text of JSON. */
export async function bindLines(session: Session, { table }: Lines, records: AsyncIterable<string> | Iterable<string>): Promise<void> {
  let texts: string[] = [];
  let written = 0;
  const flush = async () => {
    if (texts.length === 0) return;
    // PARSE_JSON may not stand in the VALUES of an INSERT
    await session.change(
      `INSERT INTO ${table} ("FILE", "LINE_NUMBER", "LINE") SELECT '', COLUMN1, PARSE_JSON(COLUMN2) FROM VALUES (?, ?)`,
      texts.map((text, index) => [written + index + 1, text]),
    );
    written += texts.length;
    texts = [];
  };
  for await (const text of records) {
    texts.push(text);
    if (texts.length >= BOUND_ROWS) await flush();
  }
  await flush();
}

/** Puts a file of this machine into a folder of the stage. */
export async function putFile(session: Session, path: string, { location }: Folder): Promise<void> {
  await session.run(`PUT ${quoteLiteral(`file://${path}`, 'snowflake')} ${location} AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4`);
}

/** The records of both. */
export const together = (one: Records, other: Records): Records => ({
  relation: `(SELECT "N", "LINE" FROM ${one.relation} UNION ALL SELECT "N", "LINE" FROM ${other.relation})`,
});
