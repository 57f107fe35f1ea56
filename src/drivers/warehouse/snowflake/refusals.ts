import type { LoadFile, TableLoad } from '../../../runtime/resource/warehouse.ts';
import { refusedLines, type FilePart } from '../read-files.ts';

/** What Snowflake takes as a row of a file of JSON, less what stands around the text. */
const LONGEST = (16 << 20) - 64;

/** Lines that passed their schema, and that Snowflake does not take. */
export interface Refusals {
  /** The parts without the lines that are too long for the way by which they go. */
  withoutLong(parts: AsyncIterable<FilePart>): AsyncIterable<FilePart>;
  add(file: LoadFile, line: number, reason: string): void;
  /** Their dead letters: their files are read again, for few lines are refused and none is kept. */
  parts(): AsyncIterable<FilePart>;
}

export function createRefusals(load: TableLoad): Refusals {
  const refused = new Map<LoadFile, Map<number, string>>();
  const add: Refusals['add'] = (file, line, reason) =>
    refused.set(file, (refused.get(file) ?? new Map<number, string>()).set(line, reason));
  return {
    add,
    async *withoutLong(parts) {
      for await (const part of parts) {
        const long = part.good.filter(({ row }) => isLong(row));
        for (const { number } of long) add(part.file, number, 'as a text it is longer than the 16 MiB that Snowflake takes');
        yield long.length === 0 ? part : { ...part, good: part.good.filter((line) => !long.includes(line)) };
      }
    },
    async *parts() {
      for (const [file, reasons] of refused)
        for await (const letters of refusedLines(load, file, reasons)) yield { file, good: [], letters };
    },
  };
}

/** In a text within JSON a quotation mark takes two bytes; other characters of JSON take three at most. */
const isLong = (row: string): boolean => row.length * 3 > LONGEST && Buffer.byteLength(JSON.stringify(row)) > LONGEST;
