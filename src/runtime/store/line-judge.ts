import { rowEncoder } from './encode-row.ts';
import type { FileLines } from '../resource/warehouse.ts';
import type { Row } from './row.ts';

/** Judges lines of JSON as a landing judges records, with the same reasons; fields that the schema does not know go into `_extra`. */
export function lineJudge(schema: Row): FileLines['judge'] {
  const encode = rowEncoder(schema);
  return (line) => {
    const encoded = encode(line);
    return 'reasons' in encoded ? encoded : { row: `{${encoded.members.slice(1)}}` };
  };
}
