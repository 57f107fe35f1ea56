import { z } from 'zod';
import { columnsOf } from './columns-of.ts';
import type { Column } from './column.ts';

/** A record, or a line of a file from elsewhere, that broke the schema, as it is kept beside the table that it could not go to. */
export const DeadLetter = z.object({
  topic: z.string().describe('The topic that the record came from; of a line, the prefix of its files.'),
  partition: z.int().min(0).describe('Its partition; 0 of a line.'),
  offset: z.int().min(0).describe('Its offset in the partition; of a line, its number in the file, from 1 on.'),
  recorded_at: z.iso.datetime().describe("The record's own time stamp; of a line, when it was loaded."),
  raw: z.string().nullable().describe('The value as text; null where the record had none, or the line is too long to be kept.'),
  raw_base64: z.string().nullable().describe('The value byte by byte, where it is not UTF-8 text.'),
  reasons: z.array(z.string()).describe('Why it was set aside.'),
  object: z.string().describe('The key of the object or the file that carried it.'),
  for_table: z.string().nullable().describe('The table that it could not go to; null where it was loaded before this was kept.'),
  loaded_at: z.iso.datetime().describe('When it was loaded.'),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** The columns of every dead letter table. */
export const deadLetterColumns: readonly Column[] = columnsOf(DeadLetter, { asset: 'bronze/dead_letters' });

/** The table in which the dead letters of a table's loads are kept, beside it. */
export const deadLetterTable = (table: string): string => `${table.split('.')[0]}.dead_letters`;
