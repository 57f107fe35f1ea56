import type { z } from 'zod';
import { parseDuration, type Duration } from '../declare/duration.ts';
import { lake, type ObjectStore } from '../resource/object-store.ts';
import { columnProblems } from '../schema/column-problems.ts';
import { collect } from '../store/rows.ts';
import { givenObjects } from '../store/given-objects.ts';
import { readNdjson } from '../store/ndjson.ts';
import type { ListedObject, ListOptions, ObjectsHandle } from '../store/objects-handle.ts';
import type { Row } from '../store/row.ts';
import { defineStore, type Store, type StoreContext } from '../store/store.ts';
import { COMPRESSIONS, compressionOf, type Compression } from '../store/compression.ts';
import type { TopicHandle } from '../store/topic-handle.ts';
import { headLink } from './chain.ts';
import { chainObjects } from './chain-objects.ts';
import { chainVersion } from './chain-version.ts';
import { describeChain } from './describe-chain.ts';
import { follow } from './follow.ts';
import { land, type TopicLanding } from './land.ts';
import { landed, landingColumns } from './landed.ts';

type LandedOut<S extends Row> = z.output<ReturnType<typeof landed<S>>>;
type LandedIn<S extends Row> = z.input<ReturnType<typeof landed<S>>>;
type Resources = { lake: typeof lake };

export interface LandingOptions {
  /**
   * When an object is closed: at so many bytes (uncompressed; 16 MiB unless given) or records (50,000), or, where it lands continuously, at the age `every` (5s); while it has fewer
   * than 1,000 records, at the age `thin` (1m).
   */
  rotate?: { bytes?: number; records?: number; every?: Duration; thin?: Duration };
  /** gzip unless given. zstd needs Node 22.15 or newer wherever the objects are read or written. A chain that was begun keeps what it has; the next incarnation takes it up. */
  compression?: Compression;
}

/** Lands a topic as a create-only chain of objects: exactly once, records that do not fit the schema set aside with their reasons. */
export function landing<S extends Row>(
  prefix: string,
  schema: S,
  options: LandingOptions = {},
): Store<TopicHandle<unknown, z.input<S>>, ObjectsHandle<LandedOut<S>, LandedIn<S>>, Resources> {
  const { rotate = {}, compression = 'gzip' } = options;
  const rotation = () => ({
    bytes: rotate.bytes ?? 16 << 20,
    records: rotate.records ?? 50_000,
    every: parseDuration(rotate.every ?? '5s'),
    thin: parseDuration(rotate.thin ?? '1m'),
  });
  const row = landed(schema);
  const landingOf = ({ topic, reader }: TopicHandle<unknown, z.input<S>>, context: StoreContext<Resources>): TopicLanding => ({
    topic,
    reader,
    lake: context.resources.lake,
    prefix,
    schema,
    rotation: rotation(),
    compression,
    signal: context.signal,
    faults: context.faults,
  });
  return defineStore<TopicHandle<unknown, z.input<S>>, ObjectsHandle<LandedOut<S>, LandedIn<S>>, Resources>({
    kind: 'landing',
    durable: true,
    readsRows: true,
    exclusive: true,
    grouped: true,
    resources: { lake },
    schema: row,
    recordSchema: schema,
    location: prefix,
    compression,
    problems: (assetKey) => [...landingProblems(prefix, schema, options), ...columnProblems(row, assetKey)],
    async write(topic, context) {
      const { lake: store } = context.resources;
      const { records, rows, rejected, bytes, objects, adopted } = await land({ ...landingOf(topic, context), progress: context.progress });
      const version = (await chainVersion(store, prefix)) ?? '';
      return { rows, bytes, version, metadata: { records, rejected, objects, ...(adopted > 0 && { adopted }) } };
    },
    async stream(topic, context) {
      const { clock, drain, tell, inputs } = context;
      const [source = topic.topic] = inputs;
      await follow({ ...landingOf(topic, context), source, clock, drain, tell });
    },
    read: ({ resources, version }) =>
      chainHandle({ lake: resources.lake, prefix, row, version }) as ObjectsHandle<LandedOut<S>, LandedIn<S>>,
    async version({ resources, partition, version }) {
      const whole = await chainVersion(resources.lake, prefix);
      return partition === undefined ? whole : whole && version;
    },
    given: (rows, version) => givenObjects(prefix, rows as readonly LandedOut<S>[], version),
  });
}

function landingProblems(prefix: string, schema: Row, { rotate, compression }: LandingOptions): readonly string[] {
  const problems: string[] = [];
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(prefix)) problems.push(`its prefix "${prefix}" is no path of letters, digits, "_", "-" and "."`);
  const clashes = Object.keys(landingColumns).filter((name) => name in schema.shape);
  if (clashes.length > 0) problems.push(`its schema has columns that landing adds itself: ${clashes.join(', ')}`);
  for (const age of [rotate?.every, rotate?.thin]) if (age !== undefined) parseDuration(age);
  for (const size of ['bytes', 'records'] as const) {
    const most = rotate?.[size];
    if (most !== undefined && !(Number.isInteger(most) && most > 0))
      problems.push(`its rotation at ${most} ${size} is no whole number above zero`);
  }
  if (compression !== undefined && !COMPRESSIONS.includes(compression))
    problems.push(`its compression "${compression}" is none of ${COMPRESSIONS.join(', ')}`);
  return problems;
}

interface ChainHandleOptions {
  readonly lake: ObjectStore;
  readonly prefix: string;
  readonly row: Row;
  readonly version: string | undefined;
}

function chainHandle({ lake: store, prefix, row, version }: ChainHandleOptions): ObjectsHandle<unknown, unknown> {
  async function* rows(): AsyncIterable<unknown> {
    for await (const object of chainObjects(store, prefix)) {
      const { rejectedFrom } = await headLink(store, object.key);
      const good = await store.get(object.key, { from: 0, to: rejectedFrom });
      for (const line of await readNdjson(good, compressionOf(object.key))) yield row.parse(line);
    }
  }
  const count = async () => {
    let counted = 0;
    for await (const { key } of chainObjects(store, prefix)) counted += (await headLink(store, key)).rows;
    return counted;
  };
  const reader = {
    lake: store,
    growing: `${prefix}/`,
    list: (options: ListOptions) => chainObjects(store, prefix, options),
    describe: (objects: readonly ListedObject[], signal: AbortSignal) => describeChain(store, objects, signal),
  };
  return { kind: 'objects', prefix, reader, version, rows, all: () => collect(rows()), count };
}
