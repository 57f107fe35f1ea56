import type { LoadFile } from '../../runtime/resource/warehouse.ts';
import type { Counted } from './outcome.ts';
import type { FilePart } from './read-files.ts';

/** How many rows and dead letters files hold, as far as they were read. */
export interface FileCounts {
  /** The parts as they come, counted. */
  counting(parts: AsyncIterable<FilePart>): AsyncIterable<FilePart>;
  /** Of all files. */
  lines(): number;
  /** Every file, in the given order. */
  all(): readonly Counted[];
}

export function countFiles(files: readonly LoadFile[]): FileCounts {
  const counts = new Map(files.map(({ key }) => [key, { rows: 0, rejected: 0 }]));
  let lines = 0;
  return {
    async *counting(parts) {
      for await (const part of parts) {
        const { file, good, letters } = part;
        const { rows = 0, rejected = 0 } = counts.get(file.key) ?? {};
        counts.set(file.key, { rows: rows + good.length, rejected: rejected + letters.length });
        lines += good.length + letters.length;
        yield part;
      }
    },
    lines: () => lines,
    all: () => files.map(({ key, etag, size }) => ({ key, etag, size, ...(counts.get(key) ?? { rows: 0, rejected: 0 }) })),
  };
}
