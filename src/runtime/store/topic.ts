import type { z } from 'zod';
import { parseDuration, type Duration } from '../declare/duration.ts';
import { broker } from '../resource/broker.ts';
import type { Broker, TopicSpec } from '../resource/broker.ts';
import { publishSchema } from '../schema/evolution/publish-schema.ts';
import { rowValidators } from '../schema/row-validator.ts';
import { returnedRows } from './returned-rows.ts';
import type { Row } from './row.ts';
import { collect, type RowsIn } from './rows.ts';
import { defineStore, type Store, type StoreContext } from './store.ts';
import { givenTopicReader } from './given-topic.ts';
import { createLimiter } from '../stream/limiter.ts';
import { createProducerReport } from '../stream/producer-report.ts';
import { produce, type ProduceOptions } from './produce.ts';
import { isSequenced, sequenceRows, type Sequenced } from './sequenced.ts';
import type { TopicHandle, TopicReader } from './topic-handle.ts';
import { topicVersion } from './topic-version.ts';

export interface TopicOptions<T> {
  /** 1 unless given. */
  partitions?: number;
  /** Records with equal keys keep their order. Without a key, records go to the partitions in turn. */
  key?: (row: T) => string;
  /** How long the broker keeps a record, by the record's own timestamp. The broker's default unless given; records of simulated time want `forever`. */
  retention?: Duration | 'forever';
}

type TopicSchema = Row | z.ZodDiscriminatedUnion;
type Resources = { broker: typeof broker };
type Value<T> = RowsIn<T> | Sequenced<T>;

/** A topic of the broker: each row one JSON record. Rows that a function returns are appended exactly once, also after a crash (see {@link Sequenced}). */
export function topic<S extends TopicSchema>(
  name: string,
  schema: S,
  options: TopicOptions<z.output<S>> = {},
): Store<RowsIn<z.input<S>> | Sequenced<z.input<S>>, TopicHandle<z.output<S>, z.input<S>>, Resources> {
  const { partitions = 1, key } = options;
  const validators = rowValidators(schema);
  const spec = (source: Sequenced<unknown>): TopicSpec => ({
    name,
    partitions: source.partitions ?? partitions,
    ...(options.retention !== undefined && { retention: options.retention === 'forever' ? 'forever' : parseDuration(options.retention) }),
  });
  /** Makes the topic, publishes its schema beside it, then appends what it does not hold. */
  const append = async (
    source: Sequenced<z.input<S>>,
    context: StoreContext<Resources>,
    stream: Pick<ProduceOptions<unknown>, 'pace' | 'flushed' | 'idle'> = {},
  ) => {
    const { broker: client } = context.resources;
    const validate = validators(context.assetKey);
    const wanted = spec(source);
    const { retention } = await client.ensureTopic(wanted);
    await publishSchema({ broker: client, topic: name, schema, ...context });
    const produced = await produce<z.input<S>>({
      broker: client,
      topic: name,
      partitions: wanted.partitions,
      retention,
      source,
      encode: (row, sequence) => JSON.stringify(validate(row, sequence)),
      key: (row) => (key === undefined ? null : key(row as z.output<S>)),
      signal: context.signal,
      now: context.now,
      progress: context.progress,
      ...stream,
    });
    return { ...produced, partitions: wanted.partitions };
  };
  const sourceOf = (value: Value<z.input<S>>, context: StoreContext<Resources>): Sequenced<z.input<S>> =>
    isSequenced<z.input<S>>(value)
      ? value
      : sequenceRows(`${context.assetKey}@${context.identity()}`, returnedRows(value, context.assetKey));
  return defineStore<RowsIn<z.input<S>> | Sequenced<z.input<S>>, TopicHandle<z.output<S>, z.input<S>>, Resources>({
    kind: 'topic',
    durable: true,
    readsRows: true,
    exclusive: true,
    resources: { broker },
    schema,
    location: name,
    async write(value, context) {
      const { records, bytes, partitions, resumedAfter } = await append(sourceOf(value, context), context);
      return {
        rows: records,
        bytes,
        version: (await versionAt(context.resources.broker, name)) ?? '',
        metadata: { topic: name, partitions, ...(resumedAfter >= 0 && { resumedAfter }) },
      };
    },
    async stream(value, context) {
      const { drain, rate, clock } = context;
      const report = createProducerReport({
        clock,
        tell: context.tell,
        version: async () => (await versionAt(context.resources.broker, name)) ?? '',
      });
      const wait = createLimiter({ rate, now: () => clock.now().getTime(), elapsed: () => clock.elapsed() });
      const idle = () => context.tell({ type: 'idle' });
      try {
        await append(sourceOf(value, context), context, { pace: { drain, wait }, flushed: report.flushed, idle });
      } finally {
        await report.end();
      }
    },
    read: ({ resources, version }) => topicHandle({ name, schema, reader: brokerTopicReader(resources.broker, name), version }),
    version: async ({ resources, partition, version }) => {
      const whole = await versionAt(resources.broker, name);
      return partition === undefined ? whole : whole && version;
    },
    given: (rows, version) => topicHandle({ name, schema, reader: givenTopicReader(rows as readonly unknown[]), version }),
  });
}

/** Undefined where there is no such topic. */
async function versionAt(client: Broker, name: string): Promise<string | undefined> {
  if (!(await client.topicNames()).includes(name)) return undefined;
  return topicVersion((await client.offsets(name)).map(({ partition, end }) => [partition, end] as const));
}

function brokerTopicReader(client: Broker, name: string): TopicReader {
  return {
    offsets: () => client.offsets(name),
    topicId: async () => client.topicId?.(name),
    read: (partition, span, options) => client.read(name, partition, span, options),
    commit: (group, offsets) => client.commit(group, name, offsets),
    committed: (group) => client.committed(group, name),
    join: (group, listener) => client.join(group, name, listener),
  };
}

interface HandleOptions<S> {
  readonly name: string;
  readonly schema: S;
  readonly reader: TopicReader;
  readonly version: string | undefined;
}

/** Rows are the records that fit the schema; the others are left to landing, which sets them aside with their reasons. */
function topicHandle<S extends TopicSchema>({ name, schema, reader, version }: HandleOptions<S>): TopicHandle<z.output<S>, z.input<S>> {
  async function* rows(): AsyncIterable<z.output<S>> {
    for (const { partition, start, end } of await reader.offsets()) {
      for await (const batch of reader.read(partition, { from: start, to: end })) {
        for (const { value } of batch) {
          const decoded = schema.safeParse(parseJson(value));
          if (decoded.success) yield decoded.data as z.output<S>;
        }
      }
    }
  }
  const count = async () => {
    let counted = 0;
    for await (const _ of rows()) counted++;
    return counted;
  };
  return { kind: 'topic', topic: name, reader, version, rows, all: () => collect(rows()), count };
}

function parseJson(value: Uint8Array | null): unknown {
  try {
    return value === null ? undefined : JSON.parse(Buffer.from(value).toString());
  } catch {
    return undefined; // a record that is not JSON fits no schema
  }
}
