import type { LoadObject, TableLoad, TableSpec } from '../../../runtime/resource/warehouse.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import { readRejected } from '../chain-object.ts';
import { bindLines, createLines, type Lines } from './lines.ts';
import { quoted, readLine } from './read-line.ts';
import type { Session } from './session.ts';
import { TurnLost, type Work } from './work.ts';

/** Brings the flagged records of the objects into a temporary table: they are few, and pass through Node by the byte range that they have in their object. */
export async function stageLetters(session: Session, load: TableLoad, objects: readonly LoadObject[]): Promise<Lines | undefined> {
  const flagged = objects.filter(({ rejected }) => rejected > 0);
  if (flagged.length === 0) return undefined;
  const lines = await createLines(session);
  async function* records() {
    for (const object of flagged) for (const letter of await readRejected(load, object)) yield JSON.stringify(letter);
  }
  await bindLines(session, lines, records());
  return lines;
}

export async function insertLetters({ change, holds }: Work, { name, columns }: TableSpec, lines: Lines): Promise<void> {
  const inserted = await change(
    `INSERT INTO ${quoteTable(name, 'snowflake')} (${columns.map(quoted).join(', ')}) SELECT ${columns.map(readLine).join(', ')} FROM ${lines.table} WHERE ${holds}`,
  );
  if (inserted === 0) throw new TurnLost();
}
