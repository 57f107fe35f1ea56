import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';
import { emptyState } from '../../runtime/plan/record.ts';
import type { RecordedState } from '../../runtime/resource/run-store.ts';
import { readJsonFile } from '../disk/json-file.ts';

const FORMAT = 1;

interface StateFile {
  readonly format: number;
  /** The run store's count of state changes that the snapshot includes. */
  readonly version: number;
  readonly state: RecordedState;
}

/** Where the snapshot of the state lies, for a run store's database file. */
export function stateFilePath(path: string): string {
  return join(dirname(path), 'state.json');
}

/** Replaces the snapshot as a whole. Synchronous: it runs inside a transaction, which keeps writers of several processes apart. */
export function writeStateFile(path: string, version: number, state: RecordedState): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = openSync(temporary, 'wx');
  try {
    writeFileSync(file, JSON.stringify({ format: FORMAT, version, state } satisfies StateFile));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

async function readFormat(path: string): Promise<StateFile | undefined> {
  const found = (await readJsonFile(path)) as StateFile | undefined;
  if (found === undefined || found.format === FORMAT) return found;
  throw new SpindleError('RUN_STORE_VERSION', `${path} has format ${found.format}, but this version of Spindle reads format ${FORMAT}`, {
    remedy: 'Use the version of Spindle that wrote it, or delete the file: the next run writes it again.',
  });
}

/** The count of state changes in the snapshot, -1 where there is none. */
export async function readStateFileVersion(path: string): Promise<number> {
  return (await readFormat(path))?.version ?? -1;
}

/** The recorded state as the SQLite run store last wrote it beside its database, empty where it never did. Loads no driver. */
export async function readStateFile(path: string): Promise<RecordedState> {
  return { ...emptyState, ...(await readFormat(path))?.state }; // a snapshot of before there were firings and dynamic partitions has none
}
