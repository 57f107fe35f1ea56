import type { LoadedFolder, LoadFile, LoadObject } from '../resource/warehouse.ts';
import type { ObjectInfo, ObjectStore } from '../resource/object-store.ts';
import type { Rows } from './rows.ts';

/** As a listing tells it. */
export interface ListedObject extends ObjectInfo, Pick<LoadObject, 'resolves'> {
  /** The key of the object before it, of a chain. */
  readonly follows?: string;
}

export interface ListOptions {
  /** By folder: what the listing leaves out up to its last object. */
  readonly loaded?: ReadonlyMap<string, LoadedFolder>;
  readonly signal?: AbortSignal;
}

/** The objects behind a handle, for a bulk load: listed cheaply, described (a head each) only where needed. */
export interface ObjectsReader {
  readonly lake: ObjectStore;
  /** What the keys begin with, where objects only ever come behind the last one of their folder: a listing then leaves out what is loaded. */
  readonly growing?: string;
  list(options: ListOptions): AsyncIterable<ListedObject>;
  /** Undefined where the listing was no picture of one moment: list again. */
  describe(objects: readonly ListedObject[], signal: AbortSignal): Promise<readonly (LoadObject | LoadFile)[] | undefined>;
}

/** `Wire` is what each line of the objects holds. */
export interface ObjectsHandle<T, Wire = T> extends Rows<T> {
  readonly kind: 'objects';
  readonly prefix: string;
  /** Absent where a test gave the rows: then they are written row by row. */
  readonly reader: ObjectsReader | undefined;
  readonly _wire?: Wire;
}
