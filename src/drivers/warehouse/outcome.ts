import type { LoadObject, TableLoad, WriteOutcome } from '../../runtime/resource/warehouse.ts';
import type { LoadedObject } from './candidates.ts';
import { addDigest, objectDigest, subtractDigest, versionText, type TableDigest } from './version.ts';

/** An object or a file with what it was found to hold. */
export type Counted = Pick<LoadObject, 'key' | 'etag' | 'size' | 'rows' | 'rejected'>;

/** What a load brings. */
export interface LoadedParts {
  readonly loaded: readonly Counted[];
  /** What earlier contents of them had brought. */
  readonly replaced: readonly LoadedObject[];
}

/** The digest of a table after a load. `before` is that of the rows that were there. */
export function loadedDigest({ loaded, replaced }: LoadedParts, before: TableDigest, generation: string): TableDigest {
  const kept = replaced.reduce((digest, entry) => subtractDigest(digest, objectDigest(entry, entry.generation)), before);
  return loaded.reduce((digest, object) => addDigest(digest, objectDigest(object, generation)), kept);
}

interface LoadedTable {
  readonly loaded: readonly Counted[];
  /** Dead letters that replays turned into rows. */
  readonly resolved: number;
  readonly digest: TableDigest;
  readonly touched: ReadonlyMap<string, number>;
}

/** What a load reports that loaded some of its objects. */
export function loadOutcome({ objects }: TableLoad, { loaded, resolved, digest, touched }: LoadedTable): WriteOutcome {
  return {
    rows: sumOf(loaded, ({ rows }) => rows),
    bytes: sumOf(loaded, ({ size }) => size),
    rejected: sumOf(loaded, ({ rejected }) => rejected),
    objects: loaded.length,
    skippedObjects: objects.length - loaded.length,
    ...(resolved > 0 && { resolved }),
    version: versionText(digest),
    touched,
  };
}

/** What a write of rows reports; `slice` is the digest of the slices that it replaced, if any. */
export function rowsOutcome(
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
  digest: TableDigest,
  slice: TableDigest | undefined,
): WriteOutcome {
  return {
    rows,
    bytes,
    rejected: 0,
    objects: 0,
    skippedObjects: 0,
    version: versionText(digest),
    ...(slice !== undefined && { sliceVersion: versionText(slice) }),
    touched: new Map(),
  };
}

export function sumOf(objects: readonly Counted[], of: (object: Counted) => number): number {
  return objects.reduce((total, object) => total + of(object), 0);
}
