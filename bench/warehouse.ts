import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { createDatabase } from '../test/services/snowflake/open.ts';
import { startEmulator, type Emulator } from '../test/services/snowflake/server.ts';
import { rounded, type BenchFigure, type BenchOptions } from './figure.ts';
import { extendChains, PARTITIONS, RECORDS_OF_OBJECT } from './warehouse/chain.ts';
import { startCountingProxy, type CountingProxy, type Traffic } from './warehouse/counting-proxy.ts';
import type { LoadCost } from './warehouse/load-chain.ts';
import { loadRowByRow } from './warehouse/row-by-row.ts';

const MILLION = 1_000_000;
/** Of 20 records each: the last are a million of them, an hour's worth. */
const SIZES = [10, 100, 1_000, 10_000, 50_000] as const;
const NEW_OBJECTS = 10;
const PEER_OBJECTS = 50;
const PEER = 'INSERT of each row, MERGE for each object';

/**
 * What a load of bronze into Snowflake costs, counted and not timed, as the emulator is not the service: statements, requests and bytes for a million rows against loading row by
 * row; memory by the number of objects; what an incremental load lists by what is loaded already.
 */
export async function* warehouse({ root }: BenchOptions): AsyncIterable<BenchFigure> {
  const folder = await mkdtemp(join(tmpdir(), 'spindle-bench-'));
  const emulator = await startEmulator();
  const proxy = await startCountingProxy(emulator.url);
  const child = join(root, '.spindle/bench/load-chain.mjs');
  await build({
    input: join(root, 'bench/warehouse/load-chain.ts'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    logLevel: 'silent',
    output: { file: child, format: 'esm', codeSplitting: false },
  });
  try {
    const loaded: Measured[] = [];
    for (const objects of SIZES) loaded.push(await measure({ folder, emulator, proxy, child }, objects));
    const database = await newDatabase(emulator);
    const peerRows = await loadRowByRow(proxy.url, database, PEER_OBJECTS);
    yield* figuresOf(loaded, { rows: peerRows, traffic: proxy.take() });
  } finally {
    proxy.close();
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Rig {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly proxy: CountingProxy;
  readonly child: string;
}

interface Load {
  readonly cost: LoadCost;
  readonly traffic: Traffic;
}

/** A load of a landing of so many objects, and the next one, of a few more. */
interface Measured {
  readonly objects: number;
  readonly whole: Load;
  readonly next: Load;
}

async function measure({ folder, emulator, proxy, child }: Rig, objects: number): Promise<Measured> {
  const lake = join(folder, String(objects), 'lake');
  const database = await newDatabase(emulator);
  const load = async (expected: number): Promise<Load> => {
    proxy.take();
    const { stdout } = await promisify(execFile)(process.execPath, [child, lake, proxy.url, database]);
    const cost = JSON.parse(stdout) as LoadCost;
    if (cost.objects !== expected || cost.rows !== expected * RECORDS_OF_OBJECT)
      throw new Error(`${cost.objects} objects and ${cost.rows} rows were loaded of ${expected} objects`);
    return { cost, traffic: proxy.take() };
  };
  await extendChains(lake, 0, objects);
  const whole = await load(objects);
  await extendChains(lake, objects, objects + NEW_OBJECTS);
  return { objects, whole, next: await load(NEW_OBJECTS) };
}

async function newDatabase(emulator: Emulator): Promise<string> {
  const name = `B${randomUUID().slice(0, 8).toUpperCase()}`;
  await createDatabase(emulator, name);
  return name;
}

interface Peer {
  readonly rows: number;
  readonly traffic: Traffic;
}

function* figuresOf(loaded: readonly Measured[], peer: Peer): Iterable<BenchFigure> {
  const [smallest, largest] = [loaded[0], loaded.at(-1)];
  const tenThousand = loaded.find(({ objects }) => objects === 10_000);
  if (smallest === undefined || largest === undefined || tenThousand === undefined) throw new RangeError('nothing was measured');
  const bars = { statements: 0.001, roundTrips: 0.001, bytes: 0.5 } as const;
  const units = { statements: 'statements/1M rows', roundTrips: 'requests/1M rows', bytes: 'bytes/1M rows' } as const;
  for (const name of ['statements', 'roundTrips', 'bytes'] as const) {
    const ours = (largest.whole.traffic[name] * MILLION) / largest.whole.cost.rows;
    const theirs = (peer.traffic[name] * MILLION) / peer.rows;
    yield {
      bench: 'warehouse',
      figure: `${name === 'roundTrips' ? 'round trips' : name} of a load of ${largest.objects} objects`,
      unit: units[name],
      ours: rounded(ours),
      peer: rounded(theirs),
      peerName: PEER,
      ratio: rounded(ours / theirs),
      bar: `<= ${bars[name]} ratio`,
      holds: ours / theirs <= bars[name],
    };
  }
  for (const { objects, whole } of loaded) {
    const ratio = whole.cost.memory / smallest.whole.cost.memory;
    const counts = objects <= 10_000;
    yield {
      bench: 'warehouse',
      figure: `peak memory of a load of ${objects} objects`,
      unit: 'MiB',
      ours: rounded(whole.cost.memory),
      peer: rounded(smallest.whole.cost.memory),
      peerName: `a load of ${smallest.objects} objects`,
      ratio: rounded(ratio),
      bar: counts ? '<= 1.5 ratio' : null,
      holds: counts ? ratio <= 1.5 : null,
    };
  }
  for (const { objects, next } of loaded) {
    const compared = { load: next, other: tenThousand.next, isBound: objects > tenThousand.objects };
    const behind = `of a load of ${NEW_OBJECTS} new objects behind ${objects}`;
    yield steady({ figure: `listings ${behind}`, unit: 'requests' }, compared, ({ cost }) => cost.listings);
    yield steady({ figure: `objects listed ${behind}`, unit: 'objects' }, compared, ({ cost }) => cost.listed);
    yield steady({ figure: `statements ${behind}`, unit: 'statements' }, compared, ({ traffic }) => traffic.statements);
    const searches = next.cost.searches / PARTITIONS;
    yield {
      bench: 'warehouse',
      figure: `requests that look for the newest object of a folder, ${behind}`,
      unit: 'requests',
      ours: searches,
      peer: null,
      peerName: null,
      ratio: null,
      bar: '<= 20',
      holds: searches <= 20,
    };
  }
}

interface Compared {
  readonly load: Load;
  readonly other: Load;
  /** Whether it is to cost what the other one does. */
  readonly isBound: boolean;
}

/** What does not grow with what is loaded already. */
function steady(about: Pick<BenchFigure, 'figure' | 'unit'>, { load, other, isBound }: Compared, of: (load: Load) => number): BenchFigure {
  const [ours, peer] = [of(load), of(other)];
  const figure = { bench: 'warehouse', ...about, ours, peer, peerName: 'the same behind 10000', ratio: rounded(ours / peer) };
  return { ...figure, bar: isBound ? '<= 1 ratio' : null, holds: isBound ? ours <= peer : null };
}
