import { open } from 'node:fs/promises';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import type { Compression } from '../../../runtime/store/compression.ts';
import { guardDisk } from '../../disk/file-error.ts';
import type { Staging } from '../staging.ts';
import { marker } from './marker.ts';

/** What Snowflake loads best: files of 100 to 250 MB, compressed. */
const BUNDLE_BYTES = 128 << 20;
/** Objects read ahead of the one that is written, and how large they may be for that. */
const AHEAD = 16;
const AHEAD_BYTES = 1 << 20;

/** An object with its number among the candidates of a load. */
export interface Numbered {
  readonly number: number;
  readonly object: LoadObject;
}

/** A file with the good records of some objects, each behind its marker. */
export interface Bundle {
  readonly path: string;
  readonly compression: Compression;
  readonly objects: readonly Numbered[];
}

/** Writes the objects' good records into files, one after the other; whoever takes a bundle removes its file. Neither memory nor disk grows with the number of objects. */
export async function* bundles(staging: Staging, load: TableLoad, objects: readonly Numbered[]): AsyncIterable<Bundle> {
  for (const group of groups(objects)) {
    const compression = group[0]?.object.compression ?? 'gzip';
    const path = await staging.reserve();
    try {
      await guardDisk('bundling objects', () => writeBundle(path, load, group, compression));
      yield { path, compression, objects: group };
    } finally {
      await staging.remove(path);
    }
  }
}

async function writeBundle(path: string, { lake, signal }: TableLoad, group: readonly Numbered[], compression: Compression): Promise<void> {
  const file = await open(path, 'wx');
  const write = (piece: Uint8Array) => file.writeFile(piece);
  const small = new Map<number, Promise<Uint8Array>>();
  const readAhead = (from: number) => {
    for (const [at, { object }] of group.slice(from, from + AHEAD).entries()) {
      const index = from + at;
      if (small.has(index) || object.rejectedFrom === 0 || object.rejectedFrom > AHEAD_BYTES) continue;
      const read = lake.get(object.key, { from: 0, to: object.rejectedFrom });
      read.catch(() => {}); // whoever comes to it is told
      small.set(index, read);
    }
  };
  try {
    for (const [index, { number, object }] of group.entries()) {
      signal?.throwIfAborted();
      readAhead(index);
      await write(marker(number, compression));
      const whole = small.get(index);
      small.delete(index);
      if (whole !== undefined) await write(await whole);
      else if (object.rejectedFrom > 0)
        for await (const piece of lake.read(object.key, {
          range: { from: 0, to: object.rejectedFrom },
          ...(signal !== undefined && { signal }),
        }))
          await write(piece);
    }
  } finally {
    await file.close();
  }
}

/** Each of objects of one compression: one COPY reads them. */
function* groups(objects: readonly Numbered[]): Iterable<readonly Numbered[]> {
  for (const compression of new Set(objects.map(({ object }) => object.compression ?? 'gzip'))) {
    let group: Numbered[] = [];
    let bytes = 0;
    for (const numbered of objects) {
      const { object } = numbered;
      if ((object.compression ?? 'gzip') !== compression) continue;
      if (group.length > 0 && bytes + object.rejectedFrom > BUNDLE_BYTES) {
        yield group;
        group = [];
        bytes = 0;
      }
      group.push(numbered);
      bytes += object.rejectedFrom;
    }
    if (group.length > 0) yield group;
  }
}
