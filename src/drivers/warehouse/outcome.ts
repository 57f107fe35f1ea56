import type { LoadObject, TableLoad, WriteOutcome } from '../../runtime/resource/warehouse.ts';
import type { Candidates } from './candidates.ts';
import { addDigest, objectDigest, subtractDigest, versionText, type TableDigest } from './version.ts';

/** The digest of a table after a load: without what earlier contents of its objects had brought. `before` is that of the rows that were there. */
export function loadedDigest({ pending, replaced }: Candidates, before: TableDigest, generation: string): TableDigest {
  const kept = replaced.reduce((digest, entry) => subtractDigest(digest, objectDigest(entry, entry.generation)), before);
  return pending.reduce((digest, object) => addDigest(digest, objectDigest(object, generation)), kept);
}

interface LoadedTable {
  readonly pending: readonly LoadObject[];
  /** Dead letters that replays turned into rows. */
  readonly resolved: number;
  readonly digest: TableDigest;
  readonly touched: ReadonlyMap<string, number>;
}

/** What a load of the pending ones among its objects reports. */
export function loadOutcome({ objects }: TableLoad, { pending, resolved, digest, touched }: LoadedTable): WriteOutcome {
  return {
    rows: sumOf(pending, ({ rows }) => rows),
    bytes: sumOf(pending, ({ size }) => size),
    rejected: sumOf(pending, ({ rejected }) => rejected),
    objects: pending.length,
    skippedObjects: objects.length - pending.length,
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

export function sumOf(objects: readonly LoadObject[], of: (object: LoadObject) => number): number {
  return objects.reduce((total, object) => total + of(object), 0);
}
