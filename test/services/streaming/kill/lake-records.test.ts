import { gzipSync } from 'node:zlib';
import type { Client } from 'minio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startS3, type S3Server } from '../../s3/server.ts';
import { canonicalOf } from './canonical.ts';
import { lakeClient, readLake, type LakePlace, type LandedTopic } from './lake-records.ts';
import { digestOf, type KeptTopic } from './topic-records.ts';

const TOPIC = 'orders';
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (offset: number): number => START + offset;

/** Records of partition 0: the third one is dead. */
const VALUES = ['{"a":0}', '{"a":1}', 'nonsense', '{"a":3}', '{"a":4}', '{"a":5}'];
const isDead = (offset: number): boolean => offset === 2;
const topic: KeptTopic = {
  partitions: new Map([
    [
      0,
      {
        start: 0,
        digests: VALUES.map((value, offset) => digestOf(isDead(offset) ? value : canonicalOf(JSON.parse(value)))),
        dead: VALUES.map((_, offset) => isDead(offset)),
        timestamps: VALUES.map((_, offset) => at(offset)),
      },
    ],
  ]),
  missing: 0,
  duplicated: 0,
  changed: 0,
  outOfOrder: 0,
  foreign: 0,
};

interface Written {
  readonly first: number;
  readonly offsets: readonly number[];
  readonly last?: number;
  readonly rows?: number;
  /** In place of the record's own. */
  readonly values?: Readonly<Record<number, string>>;
  /** Offsets that are written as good ones whatever they are. */
  readonly good?: readonly number[];
}

describe('the account of a lake', () => {
  let server: S3Server;
  let client: Client;
  let place: LakePlace;
  let buckets = 0;
  beforeAll(async () => (server = await startS3({ server: 'versitygw' })));
  afterAll(() => server.stop());
  beforeEach(async () => {
    client = lakeClient(server);
    place = { ...server, bucket: `lake-${++buckets}`, prefix: 'p/orders/i0001/', topic: TOPIC };
    await client.makeBucket(place.bucket);
  });

  const goodLine = (offset: number, value: string): string =>
    `${JSON.stringify({ _topic: TOPIC, _partition: 0, _offset: offset, _recorded_at: new Date(at(offset)).toISOString(), ...(value.startsWith('{') ? (JSON.parse(value) as object) : { value }) })}\n`;
  const deadLine = (offset: number, raw: string): string =>
    `${JSON.stringify({ _rejected: { topic: TOPIC, partition: 0, offset, recorded_at: new Date(at(offset)).toISOString(), raw, reasons: ['not JSON'] } })}\n`;
  const write = async ({ first, offsets, last = offsets.at(-1) ?? 0, rows, values = {}, good = [] }: Written): Promise<void> => {
    const valueOf = (offset: number) => values[offset] ?? VALUES[offset] ?? '';
    const goods = offsets.filter((offset) => !isDead(offset) || good.includes(offset));
    const deads = offsets.filter((offset) => !goods.includes(offset));
    const members = [goods.map((offset) => goodLine(offset, valueOf(offset))), deads.map((offset) => deadLine(offset, valueOf(offset)))];
    const [body = Buffer.of(), flagged = Buffer.of()] = members.map((lines) =>
      lines.length === 0 ? Buffer.of() : gzipSync(lines.join('')),
    );
    await client.putObject(
      place.bucket,
      `${place.prefix}p000/${String(first).padStart(20, '0')}.ndjson.gz`,
      Buffer.concat([body, flagged]),
      undefined,
      {
        'x-amz-meta-spindle-last': String(last),
        'x-amz-meta-spindle-rows': String(rows ?? goods.length),
        'x-amz-meta-spindle-rejected': String(deads.length),
        'x-amz-meta-spindle-rejected-from': String(body.length),
      },
    );
  };
  const landed = async (...objects: readonly Written[]): Promise<LandedTopic> => {
    for (const object of objects) await write(object);
    return readLake(place, topic);
  };
  const RIGHT = { missing: 0, duplicated: 0, changed: 0, misjudged: 0, deadExpected: 1, deadFound: 1, problems: [] };

  it('finds nothing wrong with a chain that holds each record once', async () => {
    expect(await landed({ first: 0, offsets: [0, 1, 2] }, { first: 3, offsets: [3, 4, 5] })).toEqual({ ...RIGHT, objects: 2 });
  });

  it('misses what is in no object, and sees where the chain is broken', async () => {
    expect(await landed({ first: 0, offsets: [0, 1] }, { first: 3, offsets: [3, 4, 5] })).toMatchObject({
      missing: 1,
      deadFound: 0,
      problems: [expect.stringMatching(/0003\.ndjson\.gz does not begin where the one before ended, at 2$/)],
    });
    expect(await landed({ first: 3, offsets: [3, 4], last: 5 })).toMatchObject({ missing: 2 });
  });

  it('counts what lies in two objects, or in none of its own', async () => {
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3] }, { first: 3, offsets: [3, 4, 5] })).toMatchObject({
      duplicated: 1,
      problems: [expect.stringContaining('does not begin where the one before ended, at 4')],
    });
    expect(await landed({ first: 3, offsets: [3, 4, 5, 6] })).toMatchObject({ duplicated: 2 });
  });

  it('sees a value that was changed, and a record that was judged wrongly', async () => {
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3, 4, 5], values: { 4: '{"a":5}' } })).toMatchObject({ ...RIGHT, changed: 1 });
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3, 4, 5], values: { 2: 'nonsence' } })).toMatchObject({ ...RIGHT, changed: 1 });
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3, 4, 5], good: [2] })).toMatchObject({ misjudged: 1, deadFound: 0, missing: 0 });
  });

  it('holds an object to its metadata', async () => {
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3, 4, 5], rows: 4 })).toMatchObject({
      missing: 0,
      problems: [expect.stringContaining('says 4 rows and 1 rejected, and holds 5 and 1')],
    });
    expect(await landed({ first: 0, offsets: [0, 1, 2, 3, 4, 5], last: 4 })).toMatchObject({
      problems: [expect.stringContaining('holds 1 records of elsewhere'), expect.stringContaining('holds 6 records, from 0 to 4')],
    });
  });
});
