import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Faults } from '../../../runtime/resource/faults.ts';
import type { ObjectStore } from '../../../runtime/resource/object-store.ts';
import type { LoadFile, LoadObject, TableLoad, TableSpec, Warehouse, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { columnsOf } from '../../../runtime/schema/columns-of.ts';
import { deadLetterColumns } from '../../../runtime/schema/dead-letter.ts';
import { lineJudge } from '../../../runtime/store/line-judge.ts';
import { withOpened, type Opened } from '../test-framework.ts';

/** A warehouse under test; `reopen` gives it faults too, where its data outlives it. */
export interface OpenedWarehouse extends Opened<Warehouse> {
  readonly lake: ObjectStore;
}
export type OpenWarehouse = (faults: Faults) => Promise<OpenedWarehouse>;

export const Play = z.object({
  id: z.string(),
  ms: z.int(),
  rate: z.number().nullable(),
  liked: z.boolean().optional(),
  played_at: z.iso.datetime(),
  day: z.iso.date().nullable(),
  device: z.object({ os: z.string() }).nullable(),
});

/** A table of plays, with what a test changes about it. */
export function playsTable(change: Partial<TableSpec> & { readonly schema?: z.ZodObject } = {}): TableSpec {
  const { schema = Play, ...rest } = change;
  return { name: 'bronze.plays', columns: columnsOf(schema, { asset: 'bronze/plays' }), key: ['id'], generation: 'g1', ...rest };
}

export const deadLetters: TableSpec = { name: 'bronze.dead_letters', columns: deadLetterColumns, key: [], generation: 'd1' };

/** One play as it lies at rest and is given back. */
export function play(id: string, change: WarehouseRow = {}): WarehouseRow {
  return {
    id,
    ms: 1000,
    rate: 0.5,
    liked: true,
    played_at: '2026-01-01T10:00:00.000Z',
    day: '2026-01-01',
    device: { os: 'ios' },
    ...change,
  };
}

export interface Chain {
  readonly rows: readonly WarehouseRow[];
  readonly rejected?: readonly string[];
}

/** Puts an object as landing writes it: good records in one gzip member, flagged ones in a second. */
export async function landObject(lake: ObjectStore, key: string, { rows, rejected = [] }: Chain): Promise<LoadObject> {
  const lines = (records: readonly unknown[]) => gzipSync(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const good = lines(rows);
  const flagged = rejected.map((raw, offset) => ({
    _rejected: { topic: 'plays', partition: 0, offset, recorded_at: '2026-01-01T00:00:00.000Z', raw, reasons: ['not JSON'] },
  }));
  const body = rejected.length === 0 ? good : Buffer.concat([good, lines(flagged)]);
  const { etag, size } = await lake.put(key, body, {});
  return { key, etag, size, rows: rows.length, rejected: rejected.length, rejectedFrom: good.length };
}

/** Puts a file as something else would have written it: texts and rows as lines that end with LF, bytes as they are. */
export async function putFile(lake: ObjectStore, key: string, content: readonly (string | WarehouseRow)[] | Uint8Array): Promise<LoadFile> {
  const text = (line: string | WarehouseRow) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`;
  const body = content instanceof Uint8Array ? content : Buffer.from(content.map(text).join(''));
  const isPacked = key.endsWith('.gz');
  const info = await lake.put(key, isPacked && !(content instanceof Uint8Array) ? gzipSync(body) : body, {});
  return { ...info, lines: { compression: isPacked ? 'gzip' : 'none', origin: 'inbox/plays', judge: lineJudge(Play) } };
}

export function loadOf(lake: ObjectStore, objects: TableLoad['objects'], change: Partial<TableLoad> = {}): TableLoad {
  return { table: playsTable(), lake, objects, deadLetters, loadedAt: '2026-02-01T00:00:00.000Z', ...change };
}

export async function scanAll(warehouse: Warehouse, ...args: Parameters<Warehouse['scan']>): Promise<WarehouseRow[]> {
  const rows: WarehouseRow[] = [];
  for await (const row of warehouse.scan(...args)) rows.push(row);
  return rows;
}

export async function idsOf(warehouse: Warehouse, table: TableSpec = playsTable()): Promise<unknown[]> {
  return (await scanAll(warehouse, table)).map((row) => row['id']);
}

/** Runs a test on a fresh warehouse; its faults are those that the test sets. */
export function onWarehouse(
  open: OpenWarehouse,
  test: (warehouse: Warehouse, opened: OpenedWarehouse & { setFaults(faults: Faults): void }) => Promise<void>,
) {
  return async () => {
    let current: Faults = () => {};
    const opened = await open((point) => current(point));
    await withOpened(
      async () => opened,
      (warehouse) => test(warehouse, { ...opened, setFaults: (faults) => (current = faults) }),
    );
  };
}
