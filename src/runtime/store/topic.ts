import type { z } from 'zod';
import { digest } from '../digest.ts';
import { broker } from '../resource/broker.ts';
import type { Broker } from '../resource/broker.ts';
import { rowValidators } from '../schema/row-validator.ts';
import { returnedRows } from './returned-rows.ts';
import type { Row } from './row.ts';
import { collect, type RowsIn } from './rows.ts';
import { defineStore, type Store, type StoreContext } from './store.ts';
import { givenTopicReader } from './given-topic.ts';
import { produce } from './produce.ts';
import { isSequenced, sequenceRows, type Sequenced } from './sequenced.ts';
import type { TopicHandle, TopicReader } from './topic-handle.ts';

export interface TopicOptions<T> {
  /** 1 unless given. */
  partitions?: number;
  /** Records with equal keys keep their order. Without a key, records go to the partitions in turn. */
  key?: (row: T) => string;
}

type TopicSchema = Row | z.ZodDiscriminatedUnion;
type Resources = { broker: typeof broker };

/** A topic of the broker: each row one JSON record. Rows that a function returns are appended exactly once, also after a crash (see {@link Sequenced}). */
export function topic<S extends TopicSchema>(
  name: string,
  schema: S,
  options: TopicOptions<z.output<S>> = {},
): Store<RowsIn<z.input<S>> | Sequenced<z.input<S>>, TopicHandle<z.output<S>, z.input<S>>, Resources> {
  const { partitions = 1, key } = options;
  const validators = rowValidators(schema);
  const write = async (value: RowsIn<z.input<S>> | Sequenced<z.input<S>>, context: StoreContext<Resources>) => {
    const validate = validators(context.assetKey);
    const source = isSequenced<z.input<S>>(value)
      ? value
      : sequenceRows(`${context.assetKey}@${context.identity()}`, returnedRows(value, context.assetKey));
    const topicSpec = { name, partitions: source.partitions ?? partitions };
    await context.resources.broker.ensureTopic(topicSpec);
    const produced = await produce<z.input<S>>({
      broker: context.resources.broker,
      topic: name,
      partitions: topicSpec.partitions,
      source,
      encode: (row, sequence) => JSON.stringify(validate(row, sequence)),
      key: (row) => (key === undefined ? null : key(row as z.output<S>)),
      signal: context.signal,
      now: context.now,
      progress: context.progress,
    });
    const version = await topicVersion(context.resources.broker, name);
    return {
      rows: produced.records,
      bytes: produced.bytes,
      version: version ?? '',
      metadata: {
        topic: name,
        partitions: topicSpec.partitions,
        ...(produced.resumedAfter >= 0 && { resumedAfter: produced.resumedAfter }),
      },
    };
  };
  return defineStore<RowsIn<z.input<S>> | Sequenced<z.input<S>>, TopicHandle<z.output<S>, z.input<S>>, Resources>({
    kind: 'topic',
    durable: true,
    readsRows: true,
    exclusive: true,
    continuous: true,
    resources: { broker },
    schema,
    location: name,
    write,
    read: ({ resources, version }) => topicHandle({ name, schema, reader: brokerTopicReader(resources.broker, name), version }),
    version: async ({ resources, partition, version }) => {
      const whole = await topicVersion(resources.broker, name);
      return partition === undefined ? whole : whole && version;
    },
    given: (rows, version) => topicHandle({ name, schema, reader: givenTopicReader(rows as readonly unknown[]), version }),
  });
}

/** The end of each partition: changes with each record. */
async function topicVersion(client: Broker, name: string): Promise<string | undefined> {
  if (!(await client.topicNames()).includes(name)) return undefined;
  const offsets = await client.offsets(name);
  return digest(...offsets.map(({ partition, end }) => `${partition}:${end}`));
}

function brokerTopicReader(client: Broker, name: string): TopicReader {
  return {
    offsets: () => client.offsets(name),
    read: (partition, span, options) => client.read(name, partition, span, options),
    commit: (group, offsets) => client.commit(group, name, offsets),
    committed: (group) => client.committed(group, name),
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
