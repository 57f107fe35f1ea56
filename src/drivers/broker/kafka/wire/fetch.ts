import { readLong, type AbortedTransaction } from './read-batches.ts';

/** Kafka's Fetch, version 11: https://kafka.apache.org/protocol#The_Messages_Fetch. Brokers from 2.3 on know it. */
export const FETCH = { key: 1, version: 11, name: 'Fetch' } as const;

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface FetchLimits {
  /** How long the broker may wait where no partition has records. */
  readonly waitMilliseconds: number;
  readonly partitionBytes: number;
  readonly totalBytes: number;
}

/** The answer for one partition. Offsets are -1 where `errorCode` is not 0. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** The end for who reads committed records only. */
  readonly end: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Batches, of which the last one may be cut off. A view of the answer. */
  readonly records: Buffer;
}

const READ_COMMITTED = 1;

/** The broker fills its answer in the order of the partitions until it has enough: who must get something comes first. */
export function encodeFetch(partitions: readonly FetchPartition[], limits: FetchLimits): Buffer {
  // a topic may come twice: keeping the order matters more than naming it once
  const size = partitions.reduce((bytes, { topic }) => bytes + 2 + Buffer.byteLength(topic) + 4 + 28, 35);
  const buffer = Buffer.alloc(size);
  let at = 0;
  const int = (value: number) => void (at = buffer.writeInt32BE(value, at));
  const long = (value: number) => void (at = buffer.writeBigInt64BE(BigInt(value), at));
  int(-1); // no replica
  int(limits.waitMilliseconds);
  int(1); // answer as soon as there is a byte
  int(limits.totalBytes);
  at = buffer.writeInt8(READ_COMMITTED, at);
  int(0); // no fetch session
  int(-1);
  int(partitions.length);
  for (const { topic, partition, offset } of partitions) {
    at = buffer.writeInt16BE(Buffer.byteLength(topic), at);
    at += buffer.write(topic, at);
    int(1);
    int(partition);
    int(-1); // leader epoch: not known
    long(offset);
    long(-1); // log start: for replicas
    int(limits.partitionBytes);
  }
  int(0); // nothing forgotten of the session
  buffer.writeInt16BE(0, at); // no rack
  return buffer;
}

export interface Fetched {
  /** Of the request as a whole, such as one that the broker does not allow. */
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

export function decodeFetch(buffer: Buffer): Fetched {
  let at = 4; // throttle time: the broker keeps to it by itself
  const short = () => buffer.readInt16BE((at += 2) - 2);
  const int = () => buffer.readInt32BE((at += 4) - 4);
  const long = () => readLong(buffer, (at += 8) - 8);
  const errorCode = short();
  at += 4; // session
  const partitions: FetchedPartition[] = [];
  for (let topics = int(); topics > 0; topics--) {
    const length = short();
    const topic = buffer.toString('utf8', at, (at += length));
    for (let left = int(); left > 0; left--) {
      const partition = int();
      const partitionError = short();
      at += 8; // high watermark: records of transactions that are still open lie before it
      const end = long();
      at += 8; // log start
      const aborted = Array.from({ length: Math.max(int(), 0) }, () => ({ producerId: long(), firstOffset: long() }));
      at += 4; // preferred replica
      const bytes = Math.max(int(), 0);
      const records = buffer.subarray(at, (at += bytes));
      partitions.push({ topic, partition, errorCode: partitionError, end, aborted, records });
    }
  }
  return { errorCode, partitions };
}
