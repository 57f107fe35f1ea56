import type { z } from 'zod';
import { digestAll } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { lake, type ObjectInfo, type ObjectStore } from '../resource/object-store.ts';
import type { FileLines } from '../resource/warehouse.ts';
import { columnProblems } from '../schema/column-problems.ts';
import { fileFormat } from './file-format.ts';
import { fileLines } from './file-lines.ts';
import { givenObjects } from './given-objects.ts';
import { lineJudge } from './line-judge.ts';
import type { ListOptions, ObjectsHandle } from './objects-handle.ts';
import type { Row } from './row.ts';
import { collect } from './rows.ts';
import { defineStore, type Store } from './store.ts';

type Resources = { lake: typeof lake };

/**
 * Files of newline-delimited JSON that something else writes into the lake below `prefix/`: `.ndjson`, `.jsonl` or `.json`, plain or with `.gz` or `.zst` behind. Of a source alone.
 * A table takes each of them once, and a line that breaks the schema as a dead letter.
 */
export function files<S extends Row>(prefix: string, schema: S): Store<never, ObjectsHandle<z.output<S>, z.input<S>>, Resources> {
  return defineStore<never, ObjectsHandle<z.output<S>, z.input<S>>, Resources>({
    kind: 'files',
    durable: true,
    readsRows: true,
    readOnly: true,
    resources: { lake },
    schema,
    recordSchema: schema,
    location: prefix,
    problems: (assetKey) => [...filesProblems(prefix, schema), ...columnProblems(schema, assetKey)],
    async write() {
      throw new SpindleError('INTERNAL', `files below ${prefix} are read and never written`);
    },
    read: ({ resources, version }) => filesHandle({ store: resources.lake, prefix, schema, version }),
    async version({ resources, partition, version, signal }) {
      const parts: string[] = [];
      for await (const { key, etag } of listFiles(resources.lake, prefix, signal)) parts.push(key, etag);
      const whole = parts.length === 0 ? undefined : digestAll(parts);
      return partition === undefined ? whole : whole && version;
    },
    given: (rows, version) => givenObjects(prefix, rows as readonly z.output<S>[], version),
  });
}

function filesProblems(prefix: string, schema: Row): readonly string[] {
  const problems: string[] = [];
  if (!/^[\w.=-]+(\/[\w.=-]+)*$/.test(prefix))
    problems.push(`its prefix "${prefix}" is no path of letters, digits, "_", "-", "=" and ".", without a slash around it`);
  if (/^values(\/|$)/.test(prefix)) problems.push(`its prefix "${prefix}" lies below values/, where the values of assets are`);
  if ('_extra' in schema.shape)
    problems.push('its schema has the column "_extra", in which fields are kept that the schema does not know: leave it out');
  return problems;
}

/** The files below the prefix, in the order of their keys. */
async function* listFiles(store: ObjectStore, prefix: string, signal?: AbortSignal): AsyncIterable<ObjectInfo> {
  for await (const object of store.list(`${prefix}/`, signal && { signal })) if (fileFormat(prefix, object.key) !== undefined) yield object;
}

interface HandleOptions<S> {
  readonly store: ObjectStore;
  readonly prefix: string;
  readonly schema: S;
  readonly version: string | undefined;
}

function filesHandle<S extends Row>({ store, prefix, schema, version }: HandleOptions<S>): ObjectsHandle<z.output<S>, z.input<S>> {
  let judge: FileLines['judge'] | undefined; // what zod makes of a schema costs more than many rows
  const linesOf = (key: string): FileLines => ({
    compression: fileFormat(prefix, key) ?? 'none',
    origin: prefix,
    judge: (line) => (judge ??= lineJudge(schema))(line),
  });
  async function* rows(): AsyncIterable<z.output<S>> {
    for await (const { key } of listFiles(store, prefix)) {
      const { compression, judge: judgeLine } = linesOf(key);
      for await (const lines of fileLines({ key, compression, bytes: store.read(key) }))
        for (const { number, size, bytes } of lines) {
          const judged = bytes === undefined ? { reasons: [`it has ${size} bytes`] } : judgeLine(bytes);
          if ('reasons' in judged) throw brokenLine(key, number, judged.reasons);
          yield schema.parse(JSON.parse(judged.row));
        }
    }
  }
  const count = async () => {
    let counted = 0;
    for await (const _ of rows()) counted++;
    return counted;
  };
  const reader = {
    lake: store,
    list: ({ signal }: ListOptions) => listFiles(store, prefix, signal),
    describe: async (listed: readonly ObjectInfo[]) => listed.map((object) => ({ ...object, lines: linesOf(object.key) })),
  };
  return { kind: 'objects', prefix, reader, version, rows, all: () => collect(rows()), count };
}

function brokenLine(key: string, line: number, reasons: readonly string[]): SpindleError {
  return new SpindleError('ROWS_INVALID', `line ${line} of the file ${key} does not fit its schema: ${reasons.join('; ')}`, {
    issues: reasons,
    remedy: 'Load the source into a table, which sets such lines aside as dead letters, or mend the file.',
  });
}
