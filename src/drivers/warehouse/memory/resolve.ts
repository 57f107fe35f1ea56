import type { LoadObject, TableLoad, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { isReplay, readReplayed } from '../replayed.ts';
import { replayMismatch } from '../table-errors.ts';

/** The dead letters without one for each row of the replays among the objects: the twin of the DuckDB driver's rule. */
export async function resolveLetters(
  letters: readonly WarehouseRow[],
  { lake, table, deadLetters }: TableLoad,
  pending: readonly LoadObject[],
): Promise<readonly WarehouseRow[]> {
  const replays = pending.filter(isReplay).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  if (replays.length === 0) return letters;
  const byRecord = new Map<string, WarehouseRow[]>();
  for (const letter of letters) {
    const record = recordName(letter['topic'], letter['partition'], letter['offset']);
    byRecord.set(record, [...(byRecord.get(record) ?? []), letter]);
  }
  const resolved = new Set<WarehouseRow>();
  const seen = new Set<string>();
  for (const replay of replays) {
    for (const { object, resolves, topic, partition, offset } of await readReplayed(lake, replay)) {
      const record = recordName(topic, partition, offset);
      const letter = byRecord
        .get(record)
        ?.find((candidate) => String(candidate['object']).startsWith(resolves) && isFor(candidate, table.name));
      if (letter === undefined || seen.has(`${resolves} ${record}`))
        throw replayMismatch(object, { deadLetters: deadLetters.name, topic, partition, offset });
      seen.add(`${resolves} ${record}`);
      resolved.add(letter);
    }
  }
  return letters.filter((letter) => !resolved.has(letter));
}

/** A letter that was loaded before its table was kept may be any table's. */
export const isFor = (letter: WarehouseRow, table: string): boolean => (letter['for_table'] ?? table) === table;

const recordName = (...place: readonly [topic: unknown, partition: unknown, offset: unknown]): string => JSON.stringify(place);
