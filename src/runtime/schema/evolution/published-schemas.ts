import { z } from 'zod';
import { SpindleError } from '../../errors.ts';
import type { Broker, BrokerRecord, TopicSpec } from '../../resource/broker.ts';
import type { JsonSchema } from './json-schema.ts';

/** Where the schemas of topics are published: the key is the topic's name, and the newest entry of a key counts. */
export const SCHEMA_TOPIC: TopicSpec & { readonly retention: 'forever' } = { name: 'spindle.schemas', partitions: 1, retention: 'forever' };

/** Of a record: up to which offset its publisher had read when it found the schema fit to be published. */
export const JUDGED_TO = 'spindle-judged-to';

const Entry = z.object({
  topic: z.string(),
  /** 1 for the first; one more with each change. */
  version: z.int().min(1),
  /** Of what producers write. */
  schema: z.union([z.boolean(), z.record(z.string(), z.unknown())]),
  fingerprint: z.string(),
  publishedAt: z.iso.datetime(),
  /** Whose topic it is, where that is known. */
  project: z.string().nullable(),
});

/** A schema as it is published. */
export interface PublishedSchema extends Omit<z.infer<typeof Entry>, 'schema'> {
  readonly schema: JsonSchema;
}

/** What is published of one topic. */
export interface Published {
  /** The schema that counts; undefined where there is none. */
  readonly schema: PublishedSchema | undefined;
  /** False where a newer entry does not count: two were published at once, and this one came first. */
  readonly isNewest: boolean;
  /** Behind the last entry that was read. */
  readonly end: number;
}

interface Scope {
  readonly broker: Broker;
  readonly signal: AbortSignal;
}

/** Entries that the first look takes; each further one takes eight times as many. */
const STEP = 64;

/** The schema of a topic: mostly one short read, since few entries are newer. Creates nothing. */
export async function readPublished(topic: string, { broker, signal }: Scope): Promise<Published> {
  if (!(await broker.topicNames()).includes(SCHEMA_TOPIC.name)) return { schema: undefined, isNewest: true, end: 0 };
  const [{ start, end } = { start: 0, end: 0 }] = await broker.offsets(SCHEMA_TOPIC.name);
  const entries: Item[] = [];
  for (let to = end, step = STEP; ; to -= step, step *= 8) {
    const from = Math.max(start, to - step);
    for await (const batch of broker.read(SCHEMA_TOPIC.name, 0, { from, to }, { signal }))
      entries.push(...batch.filter(({ key }) => key === topic).map(itemOf));
    entries.sort((a, b) => a.offset - b.offset);
    const found = counting(entries, from <= start ? 0 : from);
    if (found !== 'unknown') return { ...found, end };
  }
}

/** The schemas of all topics, by topic. Creates nothing. */
export async function readAllPublished({ broker, signal }: Scope): Promise<ReadonlyMap<string, PublishedSchema>> {
  if (!(await broker.topicNames()).includes(SCHEMA_TOPIC.name)) return new Map();
  const [{ start, end } = { start: 0, end: 0 }] = await broker.offsets(SCHEMA_TOPIC.name);
  const byTopic = new Map<string, Item[]>();
  for await (const batch of broker.read(SCHEMA_TOPIC.name, 0, { from: start, to: end }, { signal })) {
    for (const record of batch) {
      if (record.key === null) continue;
      const items = byTopic.get(record.key) ?? [];
      byTopic.set(record.key, [...items, itemOf(record)]);
    }
  }
  const found = new Map<string, PublishedSchema>();
  for (const [topic, items] of byTopic) {
    const published = counting(items, 0);
    if (published !== 'unknown' && published.schema !== undefined) found.set(topic, published.schema);
  }
  return found;
}

/** One record of a topic's key. */
interface Item {
  readonly offset: number;
  readonly judgedTo: number;
  /** As it was written; null where somebody deleted the schema. */
  readonly text: string | null;
}

function itemOf({ offset, headers, value }: BrokerRecord): Item {
  const judgedTo = Number(headers[JUDGED_TO] ?? offset);
  return {
    offset,
    judgedTo: judgedTo >= 0 && judgedTo <= offset ? judgedTo : offset,
    text: value === null ? null : Buffer.from(value).toString(),
  };
}

/**
 * The newest entry that counts: one that its publisher had compared with the entry before it. So of two that are published at once the first counts
 * for everybody, and the second is compared anew. Unknown where entries below `from` decide.
 */
function counting(items: readonly Item[], from: number): Omit<Published, 'end'> | 'unknown' {
  for (const item of items.toReversed()) {
    if (item.text === null) return { schema: undefined, isNewest: item === items.at(-1) };
    if (item.judgedTo < from) return 'unknown';
    const schema = parse(item.text, item.offset);
    const missed = items.filter(({ offset }) => offset >= item.judgedTo && offset < item.offset);
    if (missed.every(({ text, offset }) => text !== null && parse(text, offset).fingerprint === schema.fingerprint))
      return { schema, isNewest: item === items.at(-1) };
  }
  return from === 0 ? { schema: undefined, isNewest: items.length === 0 } : 'unknown';
}

function parse(text: string, offset: number): PublishedSchema {
  const parsed = Entry.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new SpindleError('STORE_CORRUPT', `The record at offset ${offset} of the topic ${SCHEMA_TOPIC.name} is no published schema.`, {
    remedy: `Something else wrote it. Delete the topic ${SCHEMA_TOPIC.name}: each producer publishes its schema again when it next runs.`,
    cause: parsed.error,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is no schema either
  }
}
