import { gunzipSync } from 'node:zlib';
import { Client } from 'minio';
import { canonicalOf } from './canonical.ts';
import { digestOf, NO_VALUE, type KeptPartition, type KeptTopic } from './topic-records.ts';

export interface LakePlace {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Of one incarnation of the topic, with the slash behind it. */
  readonly prefix: string;
  readonly topic: string;
}

/** What the objects of a chain hold, against what the topic does. */
export interface LandedTopic {
  readonly objects: number;
  /** Offsets of the topic that lie in no object, and how often offsets lie in objects beyond the first time. */
  readonly missing: number;
  readonly duplicated: number;
  /** Records that differ from the topic's: value, time stamp, or where they are told to come from. */
  readonly changed: number;
  readonly deadExpected: number;
  readonly deadFound: number;
  /** Records that should be set aside and are not, or the other way around. */
  readonly misjudged: number;
  /** In words: what is wrong with the chain itself. */
  readonly problems: readonly string[];
}

export const lakeClient = ({ endpoint, accessKey, secretKey }: Pick<LakePlace, 'endpoint' | 'accessKey' | 'secretKey'>): Client => {
  const { hostname, port, protocol } = new URL(endpoint);
  return new Client({ endPoint: hostname, port: Number(port), useSSL: protocol === 'https:', accessKey, secretKey, region: 'us-east-1' });
};

/** Reads every object under the prefix, by the client of S3 itself, and counts its records. */
export async function readLake(place: LakePlace, topic: KeptTopic): Promise<LandedTopic> {
  const client = lakeClient(place);
  const counts = new Map([...topic.partitions].map(([partition, { digests }]) => [partition, new Uint8Array(digests.length)]));
  const expected = new Map([...topic.partitions].map(([partition, { start }]) => [partition, start]));
  const problems: string[] = [];
  const tally = { objects: 0, duplicated: 0, changed: 0, deadFound: 0, misjudged: 0 };

  const count = (record: LandedRecord, kept: KeptPartition): void => {
    const index = record.offset - kept.start;
    const seen = counts.get(record.partition);
    if (seen?.[index] === undefined) {
      tally.duplicated++; // a record that the topic does not have
      return;
    }
    if (seen[index] > 0) tally.duplicated++;
    seen[index] = Math.min(seen[index] + 1, 255);
    if (record.dead !== kept.dead[index]) tally.misjudged++;
    else if (record.digest !== kept.digests[index] || record.timestamp !== kept.timestamps[index] || record.topic !== place.topic)
      tally.changed++;
  };

  for (const key of await keysOf(client, place)) {
    tally.objects++;
    const named = /p(\d{3,})\/(\d{20})\.ndjson\.gz$/.exec(key.slice(place.prefix.length));
    const [partition, first] = [Number(named?.[1]), Number(named?.[2])];
    const kept = topic.partitions.get(partition);
    if (named === null || kept === undefined) {
      problems.push(`${key} is no object of the chain`);
      continue;
    }
    const object = await readObject(client, place.bucket, key);
    if (first !== expected.get(partition)) problems.push(`${key} does not begin where the one before ended, at ${expected.get(partition)}`);
    expected.set(partition, object.last + 1);
    if (object.good.length !== object.rows || object.flagged.length !== object.rejected)
      problems.push(
        `${key} says ${object.rows} rows and ${object.rejected} rejected, and holds ${object.good.length} and ${object.flagged.length}`,
      );
    const records = [...object.good.map(goodRecord), ...object.flagged.map(flaggedRecord)];
    const outside = records.filter((record) => record.partition !== partition || record.offset < first || record.offset > object.last);
    if (outside.length > 0) problems.push(`${key} holds ${outside.length} records of elsewhere`);
    if (records.length > object.last - first + 1) problems.push(`${key} holds ${records.length} records, from ${first} to ${object.last}`);
    tally.deadFound += object.flagged.length;
    for (const record of records) count(record, kept);
  }
  let missing = 0;
  for (const seen of counts.values()) for (const times of seen) if (times === 0) missing++;
  let deadExpected = 0;
  for (const { dead } of topic.partitions.values()) for (const own of dead) if (own) deadExpected++;
  return { ...tally, missing, deadExpected, problems };
}

/** The keys of the objects, in ascending order. */
export async function keysOf(client: Client, { bucket, prefix }: LakePlace): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, prefix, true) as AsyncIterable<{ readonly name?: string }>)
    if (name !== undefined) keys.push(name);
  return keys.toSorted();
}

/** The last offset that an object says that it holds. */
export async function lastOf(client: Client, bucket: string, key: string): Promise<number> {
  const { metaData } = await client.statObject(bucket, key);
  return Number((metaData as Readonly<Record<string, string>>)['spindle-last'] ?? Number.NaN);
}

interface ReadObject {
  readonly last: number;
  readonly rows: number;
  readonly rejected: number;
  readonly good: readonly unknown[];
  readonly flagged: readonly unknown[];
}

async function readObject(client: Client, bucket: string, key: string): Promise<ReadObject> {
  const pieces: Buffer[] = [];
  for await (const piece of (await client.getObject(bucket, key)) as AsyncIterable<Buffer>) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const { metaData } = await client.statObject(bucket, key);
  const number = (name: string) => Number((metaData as Readonly<Record<string, string>>)[name] ?? Number.NaN);
  const border = number('spindle-rejected-from');
  return {
    last: number('spindle-last'),
    rows: number('spindle-rows'),
    rejected: number('spindle-rejected'),
    good: linesOf(body.subarray(0, border)),
    flagged: linesOf(body.subarray(border)),
  };
}

function linesOf(member: Buffer): readonly unknown[] {
  if (member.length === 0) return [];
  const lines = gunzipSync(member).toString().split('\n');
  if (lines.pop() !== '') throw new Error('The last line does not end.');
  return lines.map((line) => JSON.parse(line) as unknown);
}

interface LandedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly digest: string;
  readonly dead: boolean;
}

interface GoodLine {
  readonly _topic: string;
  readonly _partition: number;
  readonly _offset: number;
  readonly _recorded_at: string;
  readonly _extra?: Readonly<Record<string, unknown>>;
}

function goodRecord(line: unknown): LandedRecord {
  const { _topic, _partition, _offset, _recorded_at, _extra, ...fields } = line as GoodLine;
  const digest = digestOf(canonicalOf({ ...fields, ..._extra }));
  return { topic: _topic, partition: _partition, offset: _offset, timestamp: Date.parse(_recorded_at), digest, dead: false };
}

interface FlaggedLine {
  readonly _rejected: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly recorded_at: string;
    readonly raw: string | null;
    readonly raw_base64?: string;
    readonly reasons: readonly string[];
  };
}

function flaggedRecord(line: unknown): LandedRecord {
  const { topic, partition, offset, recorded_at: recordedAt, raw, raw_base64: bytes, reasons } = (line as FlaggedLine)._rejected;
  const digest = raw === null ? NO_VALUE : digestOf(bytes === undefined ? raw : Buffer.from(bytes, 'base64'));
  return { topic, partition, offset, timestamp: Date.parse(recordedAt), digest: reasons.length > 0 ? digest : 'no reason', dead: true };
}
