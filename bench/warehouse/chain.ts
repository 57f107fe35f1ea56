import { gzipSync } from 'node:zlib';
import { openFileSystemStore } from '../../src/drivers/object-store/file-system.ts';
import { chainKey, linkMetadata, type ChainPartition } from '../../src/runtime/landing/chain.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import { eventAt } from '../landed-events.ts';

export const PREFIX = 'raw';
export const TOPIC = 'events';
/** Few, as a landing leaves them that closes objects early. */
export const RECORDS_OF_OBJECT = 20;
export const PARTITIONS = 4;

/** Puts the objects `from` up to `to` of a landing into a lake, over the partitions in turn. */
export async function extendChains(directory: string, from: number, to: number): Promise<void> {
  const lake = await openFileSystemStore({ directory, faults: noFaults });
  for (let object = from; object < to; object++) {
    const partition = object % PARTITIONS;
    const chain: ChainPartition = { prefix: PREFIX, topic: TOPIC, incarnation: 1, partition, compression: 'gzip' };
    const first = Math.floor(object / PARTITIONS) * RECORDS_OF_OBJECT;
    const lines = Array.from({ length: RECORDS_OF_OBJECT }, (_, index) => ({
      ...eventAt(object * RECORDS_OF_OBJECT + index, partition),
      _offset: first + index,
    }));
    const body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const link = { last: first + RECORDS_OF_OBJECT - 1, rows: RECORDS_OF_OBJECT, rejected: 0, rejectedFrom: body.length, lastDigest: '' };
    await lake.putIfAbsent(chainKey(chain, first), body, linkMetadata(link));
  }
}
