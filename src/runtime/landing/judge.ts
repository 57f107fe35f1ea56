import type { Row } from '../store/row.ts';
import { recordEncoder } from './encode.ts';
import type { FlaggedRecord } from './flagged.ts';
import { recordTimes } from './record-time.ts';

/** What the present schema and code say of a record that was flagged once. */
export type Verdict = { readonly passes: true; readonly line: string } | { readonly passes: false; readonly reasons: readonly string[] };

/** Judges flagged records as a landing would that met them now. One whose time was none keeps its reasons: its time was not kept. */
export function createJudge(topic: string, schema: Row): (flagged: FlaggedRecord) => Verdict {
  const encode = recordEncoder(topic, schema);
  const timeOf = recordTimes();
  const beyond = [timeOf(-Infinity), timeOf(Infinity)];
  return ({ record, recordedAt, reasons }) => {
    if (beyond.includes(recordedAt)) return { passes: false, reasons };
    const { rejected, line } = encode(record);
    return rejected ? { passes: false, reasons: reasonsIn(line) } : { passes: true, line };
  };
}

const reasonsIn = (line: string): readonly string[] =>
  (JSON.parse(line) as { readonly _rejected: { readonly reasons: readonly string[] } })._rejected.reasons;

/** The reason without what it quotes of the one record, so that like reasons can be counted together. */
export const reasonKind = (reason: string): string => (reason.startsWith('not JSON: ') ? 'not JSON' : reason);
