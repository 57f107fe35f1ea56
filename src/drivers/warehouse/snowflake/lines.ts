import type { WarehouseRow } from '../../../runtime/resource/warehouse.ts';
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

export async function createLines(session: Session): Promise<Lines> {
  return { table: await session.createTemporary('LINES', '("FILE" VARCHAR, "LINE_NUMBER" NUMBER(16,0), "LINE" VARIANT)') };
}

/** Copies the files of a folder of the stage into the table; one COPY for a folder. */
export async function copyLines(
  session: Session,
  { table }: Lines,
  { location }: Folder,
  compression: Compression | 'none',
): Promise<void> {
  await session.run(
    `COPY INTO ${table} ("FILE", "LINE_NUMBER", "LINE") FROM (SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER, $1 FROM ${location}) FILE_FORMAT = (TYPE = JSON COMPRESSION = ${compression.toUpperCase()} ALLOW_DUPLICATE = TRUE) ON_ERROR = ABORT_STATEMENT`,
  );
}

/** Writes a few rows into the table. */
export async function bindLines(
  session: Session,
  { table }: Lines,
  rows: AsyncIterable<WarehouseRow> | Iterable<WarehouseRow>,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  let texts: string[] = [];
  let written = 0;
  let bytes = 0;
  const flush = async () => {
    if (texts.length === 0) return;
    const from = written - texts.length;
    // PARSE_JSON may not stand in the VALUES of an INSERT
    await session.change(
      `INSERT INTO ${table} ("FILE", "LINE_NUMBER", "LINE") SELECT '', COLUMN1, PARSE_JSON(COLUMN2) FROM VALUES (?, ?)`,
      texts.map((text, index) => [from + index + 1, text]),
    );
    texts = [];
  };
  for await (const row of rows) {
    const text = JSON.stringify(row);
    texts.push(text);
    written++;
    bytes += Buffer.byteLength(text) + 1;
    if (texts.length >= BOUND_ROWS) await flush();
  }
  await flush();
  return { rows: written, bytes };
}

/** Puts a file of this machine into a folder of the stage. */
export async function putFile(session: Session, path: string, { location }: Folder): Promise<void> {
  await session.run(`PUT ${quoteLiteral(`file://${path}`, 'snowflake')} ${location} AUTO_COMPRESS = FALSE OVERWRITE = TRUE PARALLEL = 4`);
}
