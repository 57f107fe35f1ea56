import { expect, it } from 'vitest';
import { abortedBatches, type ReceivedBatch } from '../../../../../src/drivers/broker/kafka/wire/read-batches.ts';

/** A control record: its length, attributes, time, offset, key length 4, then version 0 and the type. */
const marker = (type: 'abort' | 'commit') => Buffer.from([0, 0, 0, 0, 8, 0, 0, 0, type === 'abort' ? 0 : 1, 0, 0]);

const batch = (producerId: number, offset: number, kind: 'transaction' | 'plain' | 'abort' | 'commit' = 'transaction'): ReceivedBatch => ({
  firstOffset: offset,
  lastOffset: offset,
  codec: 0,
  transactional: kind !== 'plain',
  control: kind === 'abort' || kind === 'commit',
  producerId,
  producerEpoch: 0,
  firstSequence: 0,
  firstTimestamp: 0,
  appendTime: undefined,
  count: 1,
  body: kind === 'abort' || kind === 'commit' ? marker(kind) : Buffer.of(),
});

it('batches of aborted transactions are those of their producer, from the first to the marker', () => {
  const isAborted = abortedBatches([
    { producerId: 1, firstOffset: 10 },
    { producerId: 2, firstOffset: 12 },
    { producerId: 1, firstOffset: 20 },
  ]);
  const aborted = [
    batch(1, 9),
    batch(1, 10),
    batch(2, 11),
    batch(2, 12),
    batch(3, 13),
    batch(1, 14, 'plain'),
    batch(1, 15),
    batch(1, 16, 'abort'),
    batch(1, 17),
    batch(2, 18),
    batch(1, 19, 'commit'),
    batch(1, 20),
    batch(2, 21, 'abort'),
    batch(2, 22),
  ].filter((received) => isAborted(received) && !received.control);
  expect(aborted.map(({ firstOffset }) => firstOffset)).toEqual([10, 12, 15, 18, 20]);
});
