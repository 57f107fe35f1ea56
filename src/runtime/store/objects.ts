import { z } from 'zod';
import { digest } from '../digest.ts';
import { lake, type ObjectInfo, type ObjectStore } from '../resource/object-store.ts';
import type { LoadObject } from '../resource/warehouse.ts';
import { columnProblems } from '../schema/column-problems.ts';
import { rowValidators } from '../schema/row-validator.ts';
import { CompressedLines } from './compressed-lines.ts';
import { givenObjects } from './given-objects.ts';
import { readNdjson } from './ndjson.ts';
import type { ObjectsHandle } from './objects-handle.ts';
import { returnedRows } from './returned-rows.ts';
import type { Row } from './row.ts';
import { collect, type RowsIn } from './rows.ts';
import { defineStore, type Store, type StoreContext } from './store.ts';

type Resources = { lake: typeof lake };

/** What `current.json` says: the parts that make up the asset (or one partition of it) now. */
const Manifest = z.object({
  version: z.string(),
  rows: z.int(),
  parts: z.array(z.object({ key: z.string(), etag: z.string(), size: z.int(), rows: z.int() })),
});
type Manifest = z.infer<typeof Manifest>;

const PART_ROWS = 50_000;

export interface ObjectsOptions {
  format?: 'ndjson.gz';
}

/** Rows as compressed objects in the lake. A write replaces the asset (or its partition) at once: readers see the old parts or the new ones. */
export function objects<S extends Row>(
  prefix: string,
  schema: S,
  _options: ObjectsOptions = {},
): Store<RowsIn<z.input<S>>, ObjectsHandle<z.output<S>, z.input<S>>, Resources> {
  const folderOf = (partition: string | undefined) => (partition === undefined ? prefix : `${prefix}/${encodeURIComponent(partition)}`);
  const folder = ({ partition }: StoreContext<Resources>) => folderOf(partition);
  /** Those of all partitions that are read as one. */
  const folders = (context: StoreContext<Resources>) =>
    context.partition === undefined ? (context.keys?.().map(folderOf) ?? [prefix]) : [folder(context)];
  const validators = rowValidators(schema);
  return defineStore<RowsIn<z.input<S>>, ObjectsHandle<z.output<S>, z.input<S>>, Resources>({
    kind: 'objects',
    durable: true,
    readsRows: true,
    resources: { lake },
    schema,
    location: prefix,
    problems: (assetKey) => columnProblems(schema, assetKey),
    async write(rows, context) {
      const validate = validators(context.assetKey);
      const store = context.resources.lake;
      const parts: Manifest['parts'] = [];
      let lines = new CompressedLines('gzip');
      let index = 0;
      const flush = async () => {
        const body = await lines.finish();
        const key = `${folder(context)}/${digest(body)}/part-${String(parts.length).padStart(5, '0')}.ndjson.gz`;
        const { etag, size } = await store.put(key, body, {});
        parts.push({ key, etag, size, rows: lines.lines });
        lines = new CompressedLines('gzip');
      };
      for await (const row of returnedRows(rows, context.assetKey)) {
        lines.add(JSON.stringify(validate(row, index++)));
        await lines.settled();
        if (lines.lines >= PART_ROWS) await flush();
      }
      if (lines.lines > 0) await flush();
      const before = await readManifest(store, folder(context));
      const version = digest(...parts.map(({ etag }) => etag));
      await store.put(manifestKey(folder(context)), Buffer.from(JSON.stringify({ version, rows: index, parts } satisfies Manifest)), {});
      const kept = new Set(parts.map(({ key }) => key));
      for (const { key } of before?.parts ?? []) if (!kept.has(key)) await store.delete(key);
      return { rows: index, bytes: parts.reduce((sum, { size }) => sum + size, 0), version };
    },
    read: (context) =>
      objectsHandle({ store: context.resources.lake, prefix, folders: folders(context), schema, version: context.version }),
    version: async (context) => (await readManifest(context.resources.lake, folder(context)))?.version,
    given: (rows, version) => givenObjects(prefix, rows as readonly z.output<S>[], version),
  });
}

const manifestKey = (folder: string): string => `${folder}/current.json`;

async function readManifest(store: ObjectStore, folder: string): Promise<Manifest | undefined> {
  const head = await store.head(manifestKey(folder));
  return head && Manifest.parse(JSON.parse(Buffer.from(await store.get(head.key)).toString()));
}

interface HandleOptions<S> {
  readonly store: ObjectStore;
  readonly prefix: string;
  readonly folders: readonly string[];
  readonly schema: S;
  readonly version: string | undefined;
}

function objectsHandle<S extends Row>({
  store,
  prefix,
  folders,
  schema,
  version,
}: HandleOptions<S>): ObjectsHandle<z.output<S>, z.input<S>> {
  const parts = async () => {
    const all: Manifest['parts'] = [];
    for (const folder of folders) all.push(...((await readManifest(store, folder))?.parts ?? []));
    return all;
  };
  async function* rows(): AsyncIterable<z.output<S>> {
    for (const { key } of await parts()) for (const line of await readNdjson(await store.get(key))) yield schema.parse(line);
  }
  async function* list(): AsyncIterable<ObjectInfo> {
    yield* await parts();
  }
  const describe = async (listed: readonly ObjectInfo[]): Promise<readonly LoadObject[]> => {
    const rowsOf = new Map((await parts()).map((part) => [part.key, part.rows]));
    return listed.map((object) => ({ ...object, rows: rowsOf.get(object.key) ?? 0, rejected: 0, rejectedFrom: object.size }));
  };
  const count = async () => (await parts()).reduce((sum, part) => sum + part.rows, 0);
  return { kind: 'objects', prefix, reader: { lake: store, list, describe }, version, rows, all: () => collect(rows()), count };
}
