import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WarehouseRow } from '../../runtime/resource/warehouse.ts';
import { guardDisk, ifPresent } from '../disk/file-error.ts';
import { currentProcess, formatIdentity, hasEnded, parseIdentity } from '../disk/process-identity.ts';

const CHUNK = 1 << 20;

export interface StagedRows {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/** A folder of files that live as long as one operation. Names carry their process, so that those of a dead one can be told and removed. */
export interface Staging {
  /** A path in the folder that nothing else uses. */
  reserve(): Promise<string>;
  /** Writes rows as lines of JSON. */
  writeRows(rows: AsyncIterable<WarehouseRow> | Iterable<WarehouseRow>, signal?: AbortSignal): Promise<StagedRows>;
  remove(...paths: readonly string[]): Promise<void>;
}

/** Opens the folder and removes what processes that ended left there. */
export async function openStaging(directory: string): Promise<Staging> {
  for (const file of (await ifPresent(readdir(directory))) ?? []) {
    const owner = parseIdentity(file);
    if (owner !== undefined && hasEnded(owner)) await rm(join(directory, file), { force: true });
  }
  const me = formatIdentity(currentProcess());
  const reserve = async () => {
    await mkdir(directory, { recursive: true });
    return join(directory, `${me}+${randomUUID()}`);
  };
  const remove = async (...paths: readonly string[]) => {
    for (const path of paths) await rm(path, { force: true });
  };
  return {
    reserve,
    remove,
    async writeRows(rows, signal) {
      const path = await reserve();
      try {
        return { path, ...(await guardDisk(`staging rows in ${directory}`, () => writeLines(path, rows, signal))) };
      } catch (error) {
        await remove(path);
        throw error;
      }
    },
  };
}

async function writeLines(path: string, rows: AsyncIterable<WarehouseRow> | Iterable<WarehouseRow>, signal: AbortSignal | undefined) {
  const file = await open(path, 'wx');
  try {
    let written = 0;
    let bytes = 0;
    let chunk = '';
    const flush = async () => {
      signal?.throwIfAborted();
      bytes += (await file.write(chunk)).bytesWritten;
      chunk = '';
    };
    for await (const row of rows) {
      chunk += `${JSON.stringify(row)}\n`;
      written++;
      if (chunk.length >= CHUNK) await flush();
    }
    await flush();
    return { rows: written, bytes };
  } finally {
    await file.close();
  }
}
