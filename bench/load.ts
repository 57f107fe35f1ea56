import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { openFileSystemStore } from '../src/drivers/object-store/file-system.ts';
import { openDuckDbWarehouse } from '../src/drivers/warehouse/duckdb.ts';
import { readJson } from '../src/drivers/warehouse/duckdb/read-json.ts';
import { landed } from '../src/runtime/landing/landed.ts';
import { noFaults } from '../src/runtime/resource/faults.ts';
import type { LoadObject, TableSpec } from '../src/runtime/resource/warehouse.ts';
import { columnsOf } from '../src/runtime/schema/columns-of.ts';
import { deadLetterColumns } from '../src/runtime/schema/dead-letter.ts';
import { eventAt, Event } from './landed-events.ts';
import { median, rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const MEMORY = '512MB';
const EVENTS = 1_000_000;
const OBJECTS = 50;
const ROUNDS = 6;
const table: TableSpec = {
  name: 'bronze.events',
  columns: columnsOf(landed(Event), { asset: 'bronze/events' }),
  key: [],
  generation: 'bench',
};
const deadLetters: TableSpec = { name: 'bronze.dead_letters', columns: deadLetterColumns, key: [], generation: 'bench' };

/**
 * Bronze load against DuckDB's own CREATE TABLE AS SELECT with explicit columns: the same files, the same columns, each into a new file, attached
 * and detached within the time. They take turns, and a ratio is the median of those of the rounds, so that a busy machine is busy for both.
 */
export async function* load(_options: BenchOptions): AsyncIterable<BenchFigure> {
  const folder = await mkdtemp(join(tmpdir(), 'spindle-bench-'));
  try {
    const input = await makeObjects(folder);
    const measured: Round[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const path = (name: string) => join(folder, `${name}-${round}.duckdb`);
      const contestants: readonly (readonly [keyof Round, () => Promise<number>])[] = [
        ['load', () => loadOnce(path('load'), input)],
        ['same', () => createOnce(path('same'), input, `, filename AS _object, TIMESTAMP '2026-01-01' AS _loaded_at`)],
        ['bare', () => createOnce(path('bare'), input, '')],
      ];
      const seconds: Record<keyof Round, number> = { load: 0, same: 0, bare: 0 };
      for (let turn = 0; turn < contestants.length; turn++) {
        const [name, run] = contestants[(turn + round) % contestants.length]!;
        seconds[name] = await run();
      }
      if (round > 0) measured.push(seconds); // the first one warms the file cache
    }
    const middle = (of: (round: Round) => number) => median(measured.map(of));
    const ratio = middle((round) => round.same / round.load);
    const ours = rounded(EVENTS / middle((round) => round.load));
    const peer = (name: 'same' | 'bare') => rounded(EVENTS / middle((round) => round[name]));
    const figure = { bench: 'load', unit: 'rows/s', ours } as const;
    const peerName = 'CREATE TABLE AS SELECT FROM read_json, explicit columns';
    yield {
      ...figure,
      figure: 'bronze load',
      peer: peer('same'),
      peerName,
      ratio: rounded(ratio),
      bar: '>= 0.8 ratio',
      holds: ratio >= 0.8,
    };
    yield {
      ...figure,
      figure: 'bronze load, the peer without object and load time',
      peer: peer('bare'),
      peerName,
      ratio: rounded(middle((round) => round.bare / round.load)),
      bar: null,
      holds: null,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds. */
interface Round {
  readonly load: number;
  readonly same: number;
  readonly bare: number;
}

interface LoadInput {
  readonly lake: Awaited<ReturnType<typeof openFileSystemStore>>;
  readonly objects: readonly LoadObject[];
}

async function makeObjects(folder: string): Promise<LoadInput> {
  const lake = await openFileSystemStore({ directory: join(folder, 'lake'), faults: noFaults });
  const objects: LoadObject[] = [];
  for (let n = 0; n < OBJECTS; n++) {
    const key = `events/1/${n % 6}/${n}.ndjson.gz`;
    const lines = Array.from({ length: EVENTS / OBJECTS }, (_, index) => JSON.stringify(eventAt(n * (EVENTS / OBJECTS) + index, n % 6)));
    const { etag, size } = await lake.put(key, gzipSync(`${lines.join('\n')}\n`), {});
    objects.push({ key, etag, size, rows: lines.length, rejected: 0, rejectedFrom: size });
  }
  return { lake, objects };
}

async function loadOnce(path: string, { lake, objects }: LoadInput): Promise<number> {
  const warehouse = await openDuckDbWarehouse({ path, memoryLimit: MEMORY, holder: 'bench' });
  const started = performance.now();
  await warehouse.load({
    table,
    lake,
    objects,
    deadLetters,
    loadedAt: '2026-01-01T00:00:00.000Z',
    touched: { column: 'occurred_at', unit: 'hour' },
  });
  const seconds = (performance.now() - started) / 1000;
  await warehouse.close();
  await rm(path);
  return seconds;
}

async function createOnce(path: string, { lake, objects }: LoadInput, added: string): Promise<number> {
  const paths = objects.map(({ key }) => lake.localPath!(key));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    preserve_insertion_order: 'false',
    temp_directory: `${path}.tmp`,
  });
  const connection = await instance.connect();
  const columns = table.columns.map(({ name }) => name).join(', ');
  const started = performance.now();
  await connection.run(`ATTACH '${path}' AS w`);
  await connection.run(
    `CREATE TABLE w.events AS SELECT ${columns}${added} FROM ${readJson({ paths, columns: table.columns, compression: 'gzip' })}`,
  );
  await connection.run('DETACH w');
  const seconds = (performance.now() - started) / 1000;
  connection.closeSync();
  instance.closeSync();
  await rm(path);
  return seconds;
}
