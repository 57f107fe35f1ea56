import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBatch } from '../../../../../src/drivers/broker/kafka/wire/record-batch.ts';
import { batchesOf, recordsOf } from '../../../../../src/drivers/broker/kafka/wire/read-batches.ts';
import type { ProduceRecord } from '../../../../../src/runtime/resource/broker.ts';

const require = createRequire(import.meta.url);

interface KafkaJsRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** kafkajs's own encoding and decoding, to compare with. */
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => unknown;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder.js') as (
  decoder: unknown,
) => Promise<{ readonly records: readonly KafkaJsRecord[]; readonly producerId: string; readonly firstSequence: number }>;
const crc = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;

const identity = { producerId: 2 ** 40 + 7, producerEpoch: 3, firstSequence: 99 };

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ minLength: 100, maxLength: 200 }));
/** kafkajs takes a name that every object has for one that the record has twice. */
const headerName = text.filter((name) => !(name in {}));
const record: fc.Arbitrary<ProduceRecord> = fc.record({
  partition: fc.constant(5),
  key: fc.option(text),
  value: fc.option(fc.uint8Array({ maxLength: 300 })),
  headers: fc.dictionary(headerName, text, { maxKeys: 5, noNullPrototype: true }),
  timestamp: fc.oneof(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom(0, 1)),
});
const batch = fc.array(record, { minLength: 1, maxLength: 80 });

const plain = ({ key, value, headers, timestamp }: ProduceRecord) => ({
  key,
  value: value && [...value],
  headers: { ...headers },
  timestamp,
});

describe('a record batch', () => {
  it('is read by kafkajs as it was encoded, whatever the records hold', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (records) => {
        const bytes = await encodeBatch(records, identity);
        const decoded = await decodeBatch(new Decoder(bytes));
        expect(decoded).toMatchObject({ producerId: String(identity.producerId), firstSequence: 99 });
        expect(bytes.readUInt32BE(17)).toBe(crc(bytes.subarray(21)));
        expect(
          decoded.records.map(({ offset, timestamp, key, value, headers }) => ({
            offset: Number(offset),
            timestamp: Number(timestamp),
            key: key && key.toString(),
            value: value && [...value],
            headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, header.toString()])),
          })),
        ).toEqual(records.map((one, offset) => ({ offset, ...plain({ ...one, key: one.key && Buffer.from(one.key).toString() }) })));
      }),
    );
  });

  it('is read as it was encoded, in several pieces and with offsets of the broker', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), fc.nat(100), async (batches, cut) => {
        const encoded = await Promise.all(batches.map((records) => encodeBatch(records, identity)));
        let offset = 2 ** 41;
        for (const [i, bytes] of encoded.entries()) {
          bytes.writeBigInt64BE(BigInt(offset), 0);
          offset += batches[i]?.length ?? 0;
        }
        // the broker cuts the last one off where it has sent enough
        const next = encoded[0] ?? Buffer.of();
        const sent = Buffer.concat([...encoded, next.subarray(0, Math.min(cut, next.length - 1))]);
        const read = [...batchesOf(sent)].flatMap((received) => recordsOf(received, received.body, 5));
        expect(read.map(({ offset: at }) => at)).toEqual(batches.flat().map((_, i) => 2 ** 41 + i));
        expect(read.map(plain)).toEqual(batches.flat().map((one) => plain({ ...one, key: one.key && Buffer.from(one.key).toString() })));
      }),
    );
  });

  it('has the time of the broker where the topic counts by that', async () => {
    const bytes = await encodeBatch([{ partition: 0, key: null, value: null, headers: {}, timestamp: 5 }], identity);
    bytes.writeInt16BE(0x08, 21);
    bytes.writeBigInt64BE(1_700_000_000_000n, 35);
    const [received] = batchesOf(bytes);
    expect(received && recordsOf(received, received.body, 0)[0]?.timestamp).toBe(1_700_000_000_000);
  });

  it('has headers of any name', async () => {
    const header = (name: string, value: string) => ({
      partition: 0,
      key: null,
      value: null,
      headers: JSON.parse(`{"${name}":"${value}"}`) as Record<string, string>,
      timestamp: 5,
    });
    const bytes = await encodeBatch([header('__proto__', 'a'), header('constructor', 'b')], identity);
    const [received] = batchesOf(bytes);
    const records = received === undefined ? [] : recordsOf(received, received.body, 0);
    expect(records.map(({ headers }) => JSON.stringify(headers))).toEqual(['{"__proto__":"a"}', '{"constructor":"b"}']);
  });

  it('that is damaged is told, and nothing of it is read', async () => {
    const bytes = await encodeBatch([{ partition: 0, key: 'k', value: Buffer.from('value'), headers: {}, timestamp: 5 }], identity);
    const corrupt = { code: 'STORE_CORRUPT' };
    const read = (damage: (copy: Buffer) => void) => () => {
      const copy = Buffer.from(bytes);
      damage(copy);
      return [...batchesOf(copy)].flatMap((received) => recordsOf(received, received.body, 0));
    };
    expect(read((copy) => copy.writeInt8(1, 16))).toThrow(expect.objectContaining(corrupt));
    expect(read((copy) => copy.writeInt8(126, 61))).toThrow(expect.objectContaining(corrupt)); // a record longer than the batch
    expect(read((copy) => copy.writeInt8(20, 67))).toThrow(expect.objectContaining(corrupt)); // a value longer than the record
    expect(read((copy) => copy.writeInt32BE(2, 57))).toThrow(expect.objectContaining(corrupt)); // more records than there are
  });
});
