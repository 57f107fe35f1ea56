/** Kafka's Produce, version 7: https://kafka.apache.org/protocol#The_Messages_Produce. Brokers from 2.1 on know it. */
export const PRODUCE = { key: 0, version: 7, name: 'Produce' } as const;

export interface ProducePartition {
  readonly partition: number;
  /** As encodeBatch gives it. */
  readonly batch: Buffer;
}

const ALL_REPLICAS = -1;

export function encodeProduce(topic: string, partitions: readonly ProducePartition[], timeoutMilliseconds: number): Buffer {
  const size = partitions.reduce((bytes, { batch }) => bytes + 8 + batch.length, 18 + Buffer.byteLength(topic));
  const buffer = Buffer.allocUnsafeSlow(size);
  let at = buffer.writeInt16BE(-1, 0); // no transaction
  at = buffer.writeInt16BE(ALL_REPLICAS, at);
  at = buffer.writeInt32BE(timeoutMilliseconds, at);
  at = buffer.writeInt32BE(1, at);
  at = buffer.writeInt16BE(Buffer.byteLength(topic), at);
  at += buffer.write(topic, at);
  at = buffer.writeInt32BE(partitions.length, at);
  for (const { partition, batch } of partitions) {
    at = buffer.writeInt32BE(partition, at);
    at = buffer.writeInt32BE(batch.length, at);
    at += batch.copy(buffer, at);
  }
  return buffer;
}

/** The error code of each partition: 0 where its batch is kept. */
export function decodeProduce(buffer: Buffer): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  let at = 0;
  const short = () => buffer.readInt16BE((at += 2) - 2);
  const int = () => buffer.readInt32BE((at += 4) - 4);
  for (let topics = int(); topics > 0; topics--) {
    const length = short();
    at += length;
    for (let left = int(); left > 0; left--) {
      const partition = int();
      codes.set(partition, short());
      at += 24; // first offset, the broker's time, log start
    }
  }
  return codes;
}
