import type { RecordAuthor } from '../../../runtime/resource/broker.ts';
import type { ReceivedBatch } from './wire/read-batches.ts';

/** Sequence numbers begin at 0 again behind the largest number of 31 bits. */
const SEQUENCES = 2 ** 31;

/** Who produces to a partition, and the number of its next record there: by these a broker knows a batch again, and refuses one that does not follow. */
export interface Seat {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly next: number;
}

/** The seat behind so many more records. */
export const advance = (seat: Seat, records: number): Seat => ({ ...seat, next: (seat.next + records) % SEQUENCES });

/** The author of one record of a batch; none where its producer has no identity. */
export function authorOf(
  { producerId, producerEpoch, firstSequence, firstOffset }: ReceivedBatch,
  offset: number,
): { readonly author?: RecordAuthor } {
  if (producerId < 0) return {};
  return { author: { id: `${producerId}/${producerEpoch}`, sequence: (firstSequence + offset - firstOffset) % SEQUENCES } };
}

/** The seat of an author, right behind its record. */
export function seatBehind({ id, sequence }: RecordAuthor): Seat {
  const [producerId = 0, producerEpoch = 0] = id.split('/').map(Number);
  return advance({ producerId, producerEpoch, next: sequence }, 1);
}
