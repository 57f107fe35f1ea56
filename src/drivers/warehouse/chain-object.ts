import { isSpindleError, SpindleError } from '../../runtime/errors.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { LoadObject, TableLoad, WarehouseRow } from '../../runtime/resource/warehouse.ts';
import { readNdjson } from '../../runtime/store/ndjson.ts';

/** The good records of an object. OBJECT_UNREADABLE where it is no compressed JSON lines, LOAD_COUNT_MISMATCH where it holds another number of them. */
export function readGood(lake: ObjectStore, object: LoadObject): Promise<readonly WarehouseRow[]> {
  return readPart(lake, object, { from: 0, to: object.rejectedFrom, records: object.rows, kind: 'good' });
}

/** The flagged records of an object as rows of the dead letter table, with the same errors. */
export async function readRejected({ lake, table, loadedAt }: TableLoad, object: LoadObject): Promise<WarehouseRow[]> {
  if (object.rejected === 0) return [];
  const lines = await readPart(lake, object, { from: object.rejectedFrom, to: object.size, records: object.rejected, kind: 'flagged' });
  return lines.map((line) => {
    const { topic, partition, offset, recorded_at, raw, raw_base64, reasons } = line['_rejected'] as Record<string, unknown>;
    return {
      topic,
      partition,
      offset,
      recorded_at,
      raw,
      raw_base64: raw_base64 ?? null,
      reasons,
      object: object.key,
      for_table: table.name,
      loaded_at: loadedAt,
    };
  });
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly kind: 'good' | 'flagged';
}

async function readPart(lake: ObjectStore, object: LoadObject, part: Part): Promise<readonly WarehouseRow[]> {
  const rows = await parseLines(await lake.get(object.key, { from: part.from, to: part.to }), object);
  const flagged = rows.filter((row) => typeof row['_rejected'] === 'object' && row['_rejected'] !== null).length;
  const found = part.kind === 'flagged' ? flagged : rows.length - flagged;
  if (found !== part.records || (flagged > 0 && flagged < rows.length)) throw countMismatch(object.key, part, found);
  return rows;
}

async function parseLines(bytes: Uint8Array, { key, compression }: LoadObject): Promise<readonly WarehouseRow[]> {
  if (bytes.length === 0) return [];
  try {
    return (await readNdjson(bytes, compression)) as readonly WarehouseRow[];
  } catch (error) {
    if (isSpindleError(error)) throw error; // this version of Node has no such compression: nothing is wrong with the object
    throw unreadable(key, error);
  }
}

/** The error for an object whose bytes cannot be loaded. */
export function unreadable(key: string, cause: unknown): SpindleError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new SpindleError('OBJECT_UNREADABLE', `object ${key} cannot be read: ${reason}`, {
    remedy: 'Nothing was loaded. Restore the object from a copy, or land it again into a new chain, then run the same command again.',
    cause,
  });
}

function countMismatch(key: string, part: Part, found: number): SpindleError {
  return new SpindleError(
    'LOAD_COUNT_MISMATCH',
    `object ${key} holds ${found} ${part.kind} records, and its metadata says ${part.records}`,
    {
      remedy: 'Nothing was loaded. The object was changed after it was landed: restore it from a copy, then run the same command again.',
    },
  );
}
