import type { LoadObject } from '../../../runtime/resource/warehouse.ts';
import type { Session } from './session.ts';

const BOUND_ROWS = 10_000;

/** A temporary table of the objects of a load, by their number. */
export async function createCandidates(session: Session, objects: readonly Pick<LoadObject, 'key' | 'etag'>[]): Promise<string> {
  const table = await session.createTemporary('OBJECTS', '("N" NUMBER(16,0), "OBJECT_KEY" VARCHAR, "ETAG" VARCHAR)');
  for (let from = 0; from < objects.length; from += BOUND_ROWS)
    await session.change(
      `INSERT INTO ${table} ("N", "OBJECT_KEY", "ETAG") VALUES (?, ?, ?)`,
      objects.slice(from, from + BOUND_ROWS).map(({ key, etag }, index) => [from + index, key, etag]),
    );
  return table;
}
