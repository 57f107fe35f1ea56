/**
 * Kafka's Metadata, version 5: https://kafka.apache.org/protocol#The_Messages_Metadata. It is asked for here and not through kafkajs, which gives an
 * error, and no brokers, where one of the topics has one.
 */
export const METADATA = { key: 3, version: 5, name: 'Metadata' } as const;

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string;
  readonly internal: boolean;
  readonly partitions: readonly { readonly errorCode: number; readonly partition: number; readonly leader: number }[];
}

export interface Metadata {
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly controller: number;
  readonly topics: readonly TopicMetadata[];
}

/** Of no topic that is not there: a broker may be set to create what is asked for. */
export function encodeMetadata(topics: readonly string[] | 'all'): Buffer {
  const names = topics === 'all' ? [] : topics;
  const buffer = Buffer.alloc(names.reduce((bytes, name) => bytes + 2 + Buffer.byteLength(name), 5));
  let at = buffer.writeInt32BE(topics === 'all' ? -1 : names.length, 0);
  for (const name of names) {
    at = buffer.writeInt16BE(Buffer.byteLength(name), at);
    at += buffer.write(name, at);
  }
  buffer.writeInt8(0, at); // creates nothing
  return buffer;
}

export function decodeMetadata(buffer: Buffer): Metadata {
  let at = 4; // throttle time
  const byte = () => buffer.readInt8((at += 1) - 1);
  const short = () => buffer.readInt16BE((at += 2) - 2);
  const int = () => buffer.readInt32BE((at += 4) - 4);
  const text = () => {
    const bytes = Math.max(short(), 0);
    return buffer.toString('utf8', at, (at += bytes));
  };
  const list = <T>(item: () => T): T[] => Array.from({ length: Math.max(int(), 0) }, item);
  const brokers = list(() => {
    const broker = { id: int(), host: text(), port: int() };
    text(); // rack
    return broker;
  });
  text(); // cluster id
  const controller = int();
  const topics = list(() => ({
    errorCode: short(),
    name: text(),
    internal: byte() !== 0,
    partitions: list(() => {
      const partition = { errorCode: short(), partition: int(), leader: int() };
      for (let replicas = 0; replicas < 3; replicas++) list(int); // all, in sync, offline
      return partition;
    }),
  }));
  return { brokers, controller, topics };
}
