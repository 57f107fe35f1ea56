import { SpindleError } from '../../../runtime/errors.ts';
import type { LoadObject, TableLoad } from '../../../runtime/resource/warehouse.ts';
import type { Session } from './session.ts';

/** Deletes the dead letter of each row that the replays among the objects brought. */
export async function resolveLetters(_session: Session, _load: TableLoad, pending: readonly LoadObject[]): Promise<number> {
  if (pending.some(({ resolves }) => resolves !== undefined)) throw new SpindleError('INTERNAL', 'not there yet');
  return 0;
}
