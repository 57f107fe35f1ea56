import { open } from 'node:fs/promises';
import type { TableLoad } from '../../../runtime/resource/warehouse.ts';
import { guardDisk } from '../../disk/file-error.ts';
import { readAhead } from '../read-ahead.ts';
import type { Staging } from '../staging.ts';
import { FILE_BYTES } from './bring-file.ts';
import { marker } from './marker.ts';
import { groupsOf, type Group, type Numbered } from './numbered.ts';

/** A file with the good records of some objects, each behind its marker. */
export interface Bundle extends Group {
  readonly path: string;
}

/** Writes the objects' good records into files, one after the other; whoever takes a bundle removes its file. Neither memory nor disk grows with the number of objects. */
export async function* bundles(staging: Staging, load: TableLoad, objects: readonly Numbered[]): AsyncIterable<Bundle> {
  for (const group of groupsOf(objects, { bytes: FILE_BYTES, bytesOf: ({ rejectedFrom }) => rejectedFrom })) {
    const path = await staging.reserve();
    try {
      await guardDisk('bundling objects', () => writeBundle(path, load, group));
      yield { path, ...group };
    } finally {
      await staging.remove(path);
    }
  }
}

async function writeBundle(path: string, load: TableLoad, { objects, compression }: Group): Promise<void> {
  const file = await open(path, 'wx');
  const parts = objects.map(({ object: { key, rejectedFrom } }) => ({ key, size: rejectedFrom, range: { from: 0, to: rejectedFrom } }));
  const bytesOf = readAhead(load, parts);
  try {
    for (const [index, { number, object }] of objects.entries()) {
      load.signal?.throwIfAborted();
      await file.writeFile(marker(number, compression));
      if (object.rejectedFrom > 0) for await (const piece of bytesOf(index)) await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
}
