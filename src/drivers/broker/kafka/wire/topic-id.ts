/**
 * Kafka's Metadata, version 10, asked for the id of one topic: https://kafka.apache.org/protocol#The_Messages_Metadata. Brokers from 2.8 on know it. Unlike
 * the other requests here it is of the flexible kind: lengths are unsigned varints of seven bits a byte, one more than the length, and tagged fields end
 * every structure, also the headers of request and answer.
 */
export const TOPIC_ID = { key: 3, version: 10, name: 'Metadata' } as const;

const ID_BYTES = 16;
const UNKNOWN_TOPIC = 3;
/** What brokers that keep no ids say. */
const NONE = '0'.repeat(2 * ID_BYTES);

export function encodeTopicId(topic: string): Buffer {
  const name = Buffer.from(topic);
  const none = 0; // tagged fields
  const creates = 0;
  const authorized = [0, 0]; // operations, of neither cluster nor topic
  return Buffer.concat([
    Buffer.of(none, ...unsigned(1 + 1)),
    Buffer.alloc(ID_BYTES), // by its name
    Buffer.of(...unsigned(name.length + 1)),
    name,
    Buffer.of(none, creates, ...authorized, none),
  ]);
}

/** The id as hexadecimal digits; undefined where the broker gives none. The error code is 0, or says why. */
export function decodeTopicId(buffer: Buffer): { readonly errorCode: number; readonly id: string | undefined } {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = buffer.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const skip = (bytes: number): void => void (at += bytes);
  const tags = (): void => {
    for (let left = varint(); left > 0; left--) {
      varint();
      skip(varint());
    }
  };
  const text = (): void => skip(Math.max(varint() - 1, 0));
  tags();
  skip(4); // throttle time
  for (let brokers = varint() - 1; brokers > 0; brokers--) {
    skip(4);
    text();
    skip(4);
    text(); // rack
    tags();
  }
  text(); // cluster id
  skip(4); // controller
  if (varint() - 1 < 1) return { errorCode: UNKNOWN_TOPIC, id: undefined };
  const errorCode = buffer.readInt16BE(at);
  skip(2);
  text();
  const id = buffer.toString('hex', at, at + ID_BYTES);
  return { errorCode, id: id === NONE ? undefined : id };
}

function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
