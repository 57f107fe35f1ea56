import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { compressorOf, type Compression } from '../../runtime/store/compression.ts';
import { guardDisk } from '../disk/file-error.ts';

/** Characters that are written as one piece. */
const PIECE = 1 << 20;

/** A file of lines that is written as they come. DISK_FULL. */
export interface LineFile {
  readonly path: string;
  readonly lines: number;
  /** Bytes on the disk so far; what is under way comes later. */
  readonly size: number;
  add(line: string): Promise<void>;
  /** Everything is written, and nothing can be added any more; a second call does nothing. */
  close(): Promise<void>;
}

/** Makes the file; whoever asked for it closes and removes it. */
export function openLineFile(path: string, compression?: Compression): LineFile {
  const file = createWriteStream(path, { flags: 'wx' });
  const compressor = compression === undefined ? undefined : compressorOf(compression).stream();
  const input = compressor ?? file;
  const ended = finished(file);
  ended.catch(() => {}); // told by `close`
  compressor?.on('error', (error) => file.destroy(error)).pipe(file);
  let piece = '';
  let lines = 0;
  const flush = async () => {
    const text = piece;
    piece = '';
    if (text !== '' && !input.write(text)) await Promise.race([once(input, 'drain'), ended]);
  };
  const guarded = (work: () => Promise<void>) => guardDisk('staging lines', work);
  return {
    path,
    get lines() {
      return lines;
    },
    get size() {
      return file.bytesWritten;
    },
    async add(line) {
      piece += `${line}\n`;
      lines++;
      if (piece.length >= PIECE) await guarded(flush);
    },
    async close() {
      if (input.writableEnded) return;
      await guarded(async () => {
        await flush();
        input.end();
        await ended;
      });
    },
  };
}
