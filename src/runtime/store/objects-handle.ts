import type { LoadFile, LoadObject } from '../resource/warehouse.ts';
import type { ObjectInfo, ObjectStore } from '../resource/object-store.ts';
import type { Rows } from './rows.ts';

/** As a listing tells it. */
export type ListedObject = ObjectInfo & Pick<LoadObject, 'resolves'>;

/** The objects behind a handle, for a bulk load: listed cheaply, described (a head each) only where needed. */
export interface ObjectsReader {
  readonly lake: ObjectStore;
  list(signal: AbortSignal): AsyncIterable<ListedObject>;
  describe(object: ListedObject): Promise<LoadObject | LoadFile>;
}

/** `Wire` is what each line of the objects holds. */
export interface ObjectsHandle<T, Wire = T> extends Rows<T> {
  readonly kind: 'objects';
  readonly prefix: string;
  /** Absent where a test gave the rows: then they are written row by row. */
  readonly reader: ObjectsReader | undefined;
  readonly _wire?: Wire;
}
