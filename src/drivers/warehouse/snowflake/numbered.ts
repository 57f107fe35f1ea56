import type { LoadObject } from '../../../runtime/resource/warehouse.ts';
import type { Compression } from '../../../runtime/store/compression.ts';

/** An object with its number among the candidates of a load. */
export interface Numbered {
  readonly number: number;
  readonly object: LoadObject;
}

export const recordsIn = (objects: readonly Numbered[]): number =>
  objects.reduce((sum, { object }) => sum + object.rows + object.rejected, 0);

/** Objects of one compression, so that one COPY reads them. */
export interface Group {
  readonly compression: Compression;
  readonly objects: readonly Numbered[];
}

export interface GroupLimits {
  /** Objects; any number unless given. */
  readonly most?: number;
  readonly bytes: number;
  bytesOf(object: LoadObject): number;
}

/** The objects in groups, each as large as the limits let it be; one that is above them by itself has a group of its own. */
export function* groupsOf(numbered: readonly Numbered[], { most = Infinity, bytes: limit, bytesOf }: GroupLimits): Iterable<Group> {
  const compressionOf = ({ object }: Numbered): Compression => object.compression ?? 'gzip';
  for (const compression of new Set(numbered.map(compressionOf))) {
    let objects: Numbered[] = [];
    let bytes = 0;
    for (const one of numbered.filter((other) => compressionOf(other) === compression)) {
      const size = bytesOf(one.object);
      if (objects.length > 0 && (objects.length === most || bytes + size > limit)) {
        yield { compression, objects };
        objects = [];
        bytes = 0;
      }
      objects.push(one);
      bytes += size;
    }
    if (objects.length > 0) yield { compression, objects };
  }
}
