import { SpindleError } from '../../runtime/errors.ts';
import type { LoadedFolder, LoadFile, LoadObject, TableSpec } from '../../runtime/resource/warehouse.ts';

/** What the ledger says about an object that was loaded. */
export interface LoadedObject {
  readonly key: string;
  readonly etag: string;
  readonly generation: string;
  readonly rows: number;
}

/** Objects and files still to be loaded, and the entries of those among them that were loaded before, whose rows go first. */
export interface Candidates {
  readonly pending: readonly LoadObject[];
  readonly files: readonly LoadFile[];
  readonly replaced: readonly LoadedObject[];
}

export function chooseCandidates(objects: readonly (LoadObject | LoadFile)[], ledger: ReadonlyMap<string, LoadedObject>): Candidates {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const unloaded = unloadedOf<LoadObject | LoadFile>([...byKey.values()], ledger);
  return {
    pending: unloaded.filter((object): object is LoadObject => !isFile(object)),
    files: unloaded.filter(isFile),
    replaced: unloaded.flatMap(({ key }) => ledger.get(key) ?? []),
  };
}

const isFile = (object: LoadObject | LoadFile): object is LoadFile => 'lines' in object;

/**
 * Objects that the ledger does not hold with their present content, in the given order. An object that is loaded again brings its dead letters again: the replays that had
 * resolved some of them come again too.
 */
export function unloadedOf<T extends Pick<LoadObject, 'key' | 'etag'> & { readonly resolves?: string }>(
  objects: readonly T[],
  ledger: ReadonlyMap<string, LoadedObject>,
): T[] {
  const isPending = ({ key, etag }: T) => ledger.get(key)?.etag !== etag;
  const again = objects.filter((object) => object.resolves === undefined && ledger.has(object.key) && isPending(object));
  const isUndone = ({ resolves }: T) => resolves !== undefined && again.some(({ key }) => key.startsWith(resolves));
  return objects.filter((object) => isPending(object) || isUndone(object));
}

/** Of the objects whose keys begin with `prefix`: the greatest key and the number of each folder. */
export function foldersOf(loaded: Iterable<LoadedObject>, prefix: string): Map<string, LoadedFolder> {
  const folders = new Map<string, LoadedFolder>();
  for (const { key, etag } of loaded) {
    if (!key.startsWith(prefix)) continue;
    const folder = key.slice(0, key.lastIndexOf('/'));
    const known = folders.get(folder);
    const newest = known === undefined || key > known.last ? { last: key, etag } : known;
    folders.set(folder, { ...newest, objects: (known?.objects ?? 0) + 1 });
  }
  return folders;
}

const RESERVED: ReadonlySet<string> = new Set(['_object', '_loaded_at', '_rejected']);

/** A table that objects are loaded into leaves the loader's column names free: SCHEMA_UNMAPPABLE otherwise. */
export function assertLoadable(table: TableSpec): void {
  const taken = table.columns.find(({ name }) => RESERVED.has(name.toLowerCase()));
  if (taken === undefined) return;
  throw new SpindleError('SCHEMA_UNMAPPABLE', `table ${table.name}: column "${taken.name}" is one that loading objects adds itself`, {
    field: taken.name,
    remedy: 'Rename the column in the schema.',
  });
}
