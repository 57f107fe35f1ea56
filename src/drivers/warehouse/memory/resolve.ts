import type { LoadObject, TableLoad, WarehouseRow } from '../../../runtime/resource/warehouse.ts';
import { isReplay, readReplayed } from '../replayed.ts';
import { replayMismatch } from '../table-errors.ts';

/** The dead letters without one for each row of the replays among the objects: the twin of the DuckDB driver's rule. */
export async function resolveLetters(
  letters: readonly WarehouseRow[],
  { lake, deadLetters }: TableLoad,
  pending: readonly LoadObject[],
): Promise<readonly WarehouseRow[]> {
  const left = [...letters];
  const seen = new Set<string>();
  for (const replay of pending.filter(isReplay).toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    for (const { object, resolves, topic, partition, offset } of await readReplayed(lake, replay)) {
      const index = left.findIndex(
        (letter) =>
          letter['topic'] === topic &&
          letter['partition'] === partition &&
          letter['offset'] === offset &&
          String(letter['object']).startsWith(resolves),
      );
      const record = JSON.stringify([resolves, topic, partition, offset]);
      if (index < 0 || seen.has(record)) throw replayMismatch(object, { deadLetters: deadLetters.name, topic, partition, offset });
      seen.add(record);
      left.splice(index, 1);
    }
  }
  return left;
}
