import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { checkObjectKey } from '../../drivers/object-store/object-key.ts';
import { didYouMean } from '../../runtime/closest.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import { fileFormat } from '../../runtime/store/file-format.ts';
import type { Pipeline } from '../pipeline.ts';

export interface PutRequest {
  readonly cwd: string;
  readonly source: string | undefined;
  readonly files: readonly string[];
  readonly dryRun: boolean;
  /** Called for each file as soon as the lake has it. */
  done(put: PutFile): void;
}

export interface PutFile {
  readonly file: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** Copies files to where a source of files reads them, under their own names; a file of the same name is replaced. All are looked at before the first one is copied. */
export async function putFiles(pipeline: Pipeline, { cwd, source, files, dryRun, done }: PutRequest): Promise<readonly PutFile[]> {
  const prefix = prefixOf(pipeline, source);
  if (files.length === 0) throw usage('No files are named.');
  const found = await Promise.all(files.map(async (file) => ({ file, key: `${prefix}/${basename(file)}`, size: await sizeOf(cwd, file) })));
  for (const { file, key } of found) {
    checkObjectKey(key);
    if (fileFormat(prefix, key) === undefined)
      throw usage(
        `The source would pass over ${file}: it reads names that end with .ndjson, .jsonl or .json, or with .gz or .zst behind, and that do not begin with "_" or ".".`,
      );
    if (found.some((other) => other.file !== file && other.key === key)) throw usage(`Two of the files are named ${basename(file)}.`);
  }
  if (dryRun) return found;
  const lake = (await pipeline.environment.open('lake')) as ObjectStore;
  for (const put of found) {
    await lake.put(put.key, createReadStream(resolve(cwd, put.file)), {});
    done(put);
  }
  return found;
}

function prefixOf({ session: { graph } }: Pipeline, source: string | undefined): string {
  const sources = new Map(
    graph.assets.flatMap(({ key, store }) => (store?.spec.kind === 'files' ? [[key, String(store.spec.location)] as const] : [])),
  );
  const names = [...sources.keys()];
  if (source === undefined) throw usage(`No source of files is named. ${known(names)}`);
  const prefix = sources.get(source);
  if (prefix === undefined) throw usage(`"${source}" is no source of files.${didYouMean(source, names)} ${known(names)}`);
  return prefix;
}

const known = (names: readonly string[]): string =>
  names.length === 0 ? 'The project has none.' : `The project has: ${names.join(', ')}.`;

async function sizeOf(cwd: string, file: string): Promise<number> {
  const found = await stat(resolve(cwd, file)).catch(() => undefined);
  if (found?.isFile() !== true) throw usage(`There is no file ${file}.`);
  return found.size;
}

const usage = (message: string): SpindleError => new SpindleError('USAGE', message, { remedy: 'Write: spindle lake put <source> <file…>' });
