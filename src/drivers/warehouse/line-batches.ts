import type { Compression } from '../../runtime/store/compression.ts';
import { openLineFile, type LineFile } from './line-file.ts';
import type { FilePart, GoodLine } from './read-files.ts';
import type { Staging } from './staging.ts';

/** Good lines and dead letters of some files, on the disk. */
export interface LineBatch {
  readonly rows: LineFile;
  /** Each a dead letter as JSON. */
  readonly letters: LineFile;
  /** Characters of the longest of the rows. */
  readonly longest: number;
}

export interface BatchOptions {
  /** Bytes on the disk from which on a batch is closed. */
  readonly bytes: number;
  /** Of the rows. */
  readonly compression?: Compression;
  /** What is written for a good line. */
  lineOf(file: FilePart['file'], line: GoodLine): string;
}

/** Writes what parts of files hold into batches; the files of one are removed when the next one is asked for. Neither memory nor disk grows with the number of lines. */
export async function* lineBatches(staging: Staging, parts: AsyncIterable<FilePart>, options: BatchOptions): AsyncIterable<LineBatch> {
  let batch = await openBatch(staging, options);
  try {
    for await (const { file, good, letters } of parts) {
      for (const line of good) await batch.add(options.lineOf(file, line));
      for (const letter of letters) await batch.letters.add(JSON.stringify(letter));
      if (batch.rows.size + batch.letters.size < options.bytes) continue;
      await batch.close();
      yield batch;
      await batch.discard();
      batch = await openBatch(staging, options);
    }
    await batch.close();
    yield batch;
  } finally {
    await batch.discard();
  }
}

interface OpenBatch extends LineBatch {
  add(line: string): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

async function openBatch(staging: Staging, { compression }: BatchOptions): Promise<OpenBatch> {
  const rows = openLineFile(await staging.reserve(), compression);
  const letters = openLineFile(await staging.reserve());
  let longest = 0;
  const close = async () => {
    await rows.close();
    await letters.close();
  };
  return {
    rows,
    letters,
    get longest() {
      return longest;
    },
    add(line) {
      if (line.length > longest) longest = line.length;
      return rows.add(line);
    },
    close,
    async discard() {
      await Promise.allSettled([rows.close(), letters.close()]);
      await staging.remove(rows.path, letters.path);
    },
  };
}
