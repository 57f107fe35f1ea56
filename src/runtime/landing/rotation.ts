import type { ObjectWriter } from './object-writer.ts';

/** When an object is closed. */
export interface Rotation {
  /** At so many bytes of lines, uncompressed. */
  readonly bytes: number;
  readonly records: number;
  /** At this age, in milliseconds, where it lands continuously. */
  readonly every: number;
  /** An object of fewer than {@link THIN_RECORDS} records is held open for more of them up to this age: a thin stream makes no heap of small objects. */
  readonly thin: number;
}

export const THIN_RECORDS = 1_000;

/** Bytes that the open objects of one topic may hold in memory; beyond, whoever holds the most closes. */
const HELD = 64 << 20;

export const isFull = (object: ObjectWriter, { bytes, records }: Rotation): boolean => object.records >= records || object.bytes >= bytes;

/** When the object is due by its age, in milliseconds of the clock that says when it was opened. */
export const dueAt = (object: ObjectWriter, { every, thin }: Rotation): number =>
  object.openedAt + (object.records < THIN_RECORDS ? Math.max(thin, every) : every);

/** The objects of one topic that are open in this process. */
export interface OpenObjects {
  add(object: ObjectWriter): void;
  remove(object: ObjectWriter): void;
  /** True where all of them hold too much, and this one the most. */
  isTooMuch(object: ObjectWriter): boolean;
}

export function createOpenObjects(): OpenObjects {
  const open = new Set<ObjectWriter>();
  return {
    add: (object) => void open.add(object),
    remove: (object) => void open.delete(object),
    isTooMuch(object) {
      let held = 0;
      let most = 0;
      for (const other of open) {
        held += other.held;
        most = Math.max(most, other.held);
      }
      return held > HELD && object.held >= most;
    },
  };
}
