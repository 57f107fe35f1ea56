import { createHash } from 'node:crypto';
import { SpindleError } from '../../../runtime/errors.ts';
import { acquireLock } from '../../disk/lock.ts';
import type { Layout } from './layout.ts';

const PATIENCE = 30_000;

/** Replaces and deletes of one key wait for each other, among processes too. Creating needs no lock: link(2) decides. */
export async function withKeyLock<T>(layout: Layout, key: string, work: () => Promise<T>): Promise<T> {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const lock = await acquireLock(layout.temporary, name, PATIENCE);
  if (!lock.held) {
    const { pid, host } = lock.owner;
    throw new SpindleError(
      'INTERNAL',
      `object '${key}' is being replaced by process ${pid} on ${host} for more than ${PATIENCE / 1000} s`,
      {
        remedy: `Stop process ${pid}. If it is certain that no such process runs, delete ${lock.path}.`,
        transient: true,
      },
    );
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
