import { z } from 'zod';
import { SpindleError } from '../../errors.ts';
import type { Broker, BrokerRecord, TopicSpec } from '../../resource/broker.ts';
import type { JsonSchema } from './json-schema.ts';

/** Where the schemas of topics are published: the key is the topic's name, and the newest entry of a key counts. */
export const SCHEMA_TOPIC: TopicSpec & { readonly retention: 'forever' } = { name: 'spindle.schemas', partitions: 1, retention: 'forever' };

/** Of a record: up to which offset its publisher had read when it found the schema fit to be published. */
export const JUDGED_TO = 'spindle-judged-to';

/** Of a record that repeats what counts, for those who read nothing but the newest entry of a key. It decides nothing. */
export const COPY = 'spindle-copy';

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
  /** False where the newest entry says something else and does not count: two were published at once, and this one came first. */
  readonly isNewest: boolean;
  /** Behind the last entry that was read. */
  readonly end: number;
  /** Whether an entry counts or did, though newer ones may have followed: of those that were read. */
  counted(entry: Judged): boolean;
}

/** An entry by what is in it, and by what its publisher had read. */
interface Judged {
  readonly fingerprint: string;
  readonly judgedTo: number;
}

interface Scope {
  readonly broker: Broker;
  readonly signal: AbortSignal;
}

/** Entries that the first look takes; each further one takes eight times as many. */
const STEP = 64;

/** The schema of a topic: mostly one short read, since few entries are newer. With `whole`, all are read, of a topic that is known to exist. Creates nothing. */
export async function readPublished(
  topic: string,
  { broker, signal, whole = false }: Scope & { readonly whole?: boolean },
): Promise<Published> {
  // who has written reads what is there: the list of a cluster may lag behind
  if (!whole && !(await broker.topicNames()).includes(SCHEMA_TOPIC.name))
    return { schema: undefined, isNewest: true, end: 0, counted: () => false };
  const [{ start, end } = { start: 0, end: 0 }] = await broker.offsets(SCHEMA_TOPIC.name);
  const entries: Item[] = [];
  for (let to = end, step = whole ? end - start : STEP; ; to -= step, step *= 8) {
    const from = Math.max(start, to - step);
    const older: Item[] = [];
    for await (const batch of broker.read(SCHEMA_TOPIC.name, 0, { from, to }, { signal }))
      older.push(...batch.filter(({ key }) => key === topic).map(itemOf));
    entries.unshift(...older);
    const counting = countingOf(entries, from <= start ? undefined : from);
    if (counting === undefined) continue;
    const newest = counting.at(-1);
    return {
      schema: newest && schemaOf(newest),
      isNewest: saysSame(newest, entries.at(-1)),
      end,
      counted: ({ fingerprint, judgedTo }) =>
        counting.some((item) => item.judgedTo === judgedTo && schemaOf(item)?.fingerprint === fingerprint),
    };
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
      byTopic.set(record.key, items);
      items.push(itemOf(record));
    }
  }
  const found = [...byTopic].map(([topic, items]) => [topic, countingOf(items, undefined)?.at(-1)] as const);
  return new Map(found.flatMap(([topic, item]) => toEntry(topic, item && schemaOf(item))));
}

const toEntry = (topic: string, schema: PublishedSchema | undefined): readonly (readonly [string, PublishedSchema])[] =>
  schema === undefined ? [] : [[topic, schema]];

/** One record of a topic's key. */
interface Item {
  readonly offset: number;
  readonly judgedTo: number;
  readonly isCopy: boolean;
  /** As it was written; null where somebody deleted the schema. */
  readonly text: string | null;
}

function itemOf({ offset, headers, value }: BrokerRecord): Item {
  const judgedTo = Number(headers[JUDGED_TO] ?? offset);
  return {
    offset,
    judgedTo: judgedTo >= 0 && judgedTo <= offset ? judgedTo : offset,
    isCopy: headers[COPY] !== undefined,
    text: value === null ? null : Buffer.from(value).toString(),
  };
}

/**
 * The entries that count: those whose publisher had read the one that counted before. So of two that are published at once the first counts for everybody,
 * and the second is compared anew. Undefined where entries below `from` decide.
 */
function countingOf(all: readonly Item[], from: number | undefined): readonly Item[] | undefined {
  const items = all.filter(({ isCopy }) => !isCopy);
  // an entry that missed none counts whatever came before
  const missedNone = (item: Item, index: number) =>
    item.text === null || (item.judgedTo >= (from ?? 0) && !items.slice(0, index).some(({ offset }) => offset >= item.judgedTo));
  const begin = from === undefined ? 0 : items.findIndex(missedNone);
  if (begin === -1) return undefined;
  const counting: Item[] = [];
  for (const item of items.slice(begin)) {
    const last = counting.at(-1);
    if (last === undefined || item.text === null || item.judgedTo > last.offset) counting.push(item);
  }
  return counting;
}

const saysSame = (item: Item | undefined, other: Item | undefined): boolean => {
  const [a, b] = [item && schemaOf(item), other && schemaOf(other)];
  return a?.fingerprint === b?.fingerprint && a?.version === b?.version;
};

const schemaOf = ({ text, offset }: Item): PublishedSchema | undefined => (text === null ? undefined : parse(text, offset));

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
