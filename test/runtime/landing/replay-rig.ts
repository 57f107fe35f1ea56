import { z } from 'zod';
import { landed, type ObjectStore, type Warehouse } from 'spindle';
import { createMemoryBroker } from '../../../src/drivers/broker/memory.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { chainObjects } from '../../../src/runtime/landing/chain-objects.ts';
import { describeChain } from '../../../src/runtime/landing/describe-chain.ts';
import { beginNextIncarnation } from '../../../src/runtime/landing/incarnation.ts';
import { land } from '../../../src/runtime/landing/land.ts';
import { collect } from '../../../src/runtime/store/rows.ts';
import { replay, type DeadLetterPlace } from '../../../src/runtime/landing/replay.ts';
import { noFaults, type Faults } from '../../../src/runtime/resource/faults.ts';
import type { LoadObject, TableSpec } from '../../../src/runtime/resource/warehouse.ts';
import { columnsOf } from '../../../src/runtime/schema/columns-of.ts';
import { deadLetterColumns } from '../../../src/runtime/schema/dead-letter.ts';
import type { Row } from '../../../src/runtime/store/row.ts';

export const TOPIC = 'plays';
export const PREFIX = 'raw';
const TIME = Date.parse('2026-01-01T00:00:00.000Z');
const signal = new AbortController().signal;

/** Knows numbers up to one digit. */
export const Narrow = z.object({ id: z.int().max(9) });
export const Wide = z.object({ id: z.int().max(99) });
export const table: TableSpec = {
  name: 'bronze.plays',
  columns: columnsOf(landed(z.object({ id: z.int() })), { asset: 'bronze/plays' }),
  key: ['_partition', '_offset'],
  generation: 'g1',
};
const deadLetters: TableSpec = {
  name: 'bronze.dead_letters',
  columns: deadLetterColumns,
  key: ['object', 'offset'],
  generation: 'd1',
};

type Value = string | Buffer | null;

/** A topic with two partitions, each given its values; landed in objects of three records. */
export async function landTopic(lake: ObjectStore, partitions: readonly (readonly Value[])[], schema: Row = Narrow) {
  const broker = createMemoryBroker();
  await broker.ensureTopic({ name: TOPIC, partitions: partitions.length });
  for (const [partition, values] of partitions.entries())
    await broker.produce(
      TOPIC,
      values.map((value, index) => ({
        partition,
        key: null,
        value: value === null ? null : Buffer.from(value),
        headers: {},
        timestamp: TIME + index,
      })),
    );
  await land({
    topic: TOPIC,
    reader: {
      offsets: () => broker.offsets(TOPIC),
      read: (partition, span) => broker.read(TOPIC, partition, span),
      commit: (group, offsets) => broker.commit(group, TOPIC, offsets),
      committed: (group) => broker.committed(group, TOPIC),
      join: (group, listener) => broker.join(group, TOPIC, listener),
    },
    lake,
    prefix: PREFIX,
    schema,
    rotation: { bytes: 1 << 20, records: 3, every: 5_000, thin: 60_000 },
    compression: 'gzip',
    signal,
    faults: noFaults,
    progress: () => {},
  });
}

export const restart = (lake: ObjectStore) => beginNextIncarnation({ lake, prefix: PREFIX, topic: TOPIC, compression: 'gzip' });

export const objectsOf = async (lake: ObjectStore): Promise<readonly LoadObject[]> =>
  (await describeChain(lake, await collect(chainObjects(lake, PREFIX)), new AbortController().signal)) ?? [];

export const load = async (warehouse: Warehouse, lake: ObjectStore, fullRefresh = false) =>
  warehouse.load({ table, lake, deadLetters, objects: await objectsOf(lake), loadedAt: '2026-02-01T00:00:00.000Z', fullRefresh });

export async function lettersOf(warehouse: Warehouse): Promise<readonly DeadLetterPlace[]> {
  const letters: DeadLetterPlace[] = [];
  for await (const letter of warehouse.scan(deadLetters)) letters.push(letter as unknown as DeadLetterPlace);
  return letters;
}

interface Replaying {
  readonly lake: ObjectStore;
  readonly letters: readonly DeadLetterPlace[];
  readonly schema?: Row;
  readonly dryRun?: boolean;
  readonly faults?: Faults;
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

export const replayLetters = ({ lake, letters, schema = Wide, dryRun = false, faults = noFaults }: Replaying) =>
  replay({ lake, topic: TOPIC, schema, letters: each(letters), dryRun, signal, faults });

export const incarnationOf = (object: unknown): string => /\/(i\d{4})\//.exec(String(object))?.[1] ?? '';

/** Every record in the tables, by incarnation, partition and offset: `row id` or `letter raw`. */
export async function account(warehouse: Warehouse): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const row of warehouse.scan({ ...table, columns: [...table.columns, { name: '_object', type: 'string', nullable: true }] }))
    found.push(`${incarnationOf(row['_object'])}/${String(row['_partition'])}/${String(row['_offset'])} row ${String(row['id'])}`);
  for await (const letter of warehouse.scan(deadLetters))
    found.push(
      `${incarnationOf(letter['object'])}/${String(letter['partition'])}/${String(letter['offset'])} letter ${String(letter['raw'])}`,
    );
  return found.toSorted();
}

export const text = (id: number): string => JSON.stringify({ id });

export async function setUp(partitions: readonly (readonly Value[])[]) {
  let current = noFaults;
  const lake = createMemoryObjectStore();
  const warehouse = createMemoryWarehouse({ faults: (point) => current(point) });
  await landTopic(lake, partitions);
  await load(warehouse, lake);
  return { lake, warehouse, setFaults: (faults: Faults) => void (current = faults) };
}

export const keysOf = async (lake: ObjectStore, prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of lake.list(prefix)) keys.push(key);
  return keys;
};
