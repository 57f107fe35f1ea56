import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { createMemoryWarehouse } from '../../../src/drivers/warehouse/memory.ts';
import { isSpindleError } from '../../../src/runtime/errors.ts';
import type { SliceFilter, TableWrite, Warehouse } from '../../../src/runtime/resource/warehouse.ts';
import { play, playsTable, scanAll } from '../../../src/testing/contract/warehouse/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DAY = 86_400_000;
const start = Date.parse('2025-10-20T00:00:00Z');
const table = playsTable();

const row = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    ms: fc.maxSafeInteger(),
    rate: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    at: fc.nat(20 * DAY),
    os: fc.string({ unit: 'grapheme' }),
  })
  .map(({ id, ms, rate, at, os }) =>
    play(id, { ms, rate: rate === 0 ? 0 : rate, played_at: new Date(start + at).toISOString(), device: { os } }),
  );
const slices: fc.Arbitrary<SliceFilter[]> = fc.oneof(
  fc.constant<SliceFilter[]>([]),
  fc
    .tuple(fc.nat(15), fc.nat(10))
    .map(([from, days]): SliceFilter[] => [
      { kind: 'ranges', column: 'played_at', ranges: [{ from: start + from * DAY, to: start + (from + days) * DAY }] },
    ]),
  fc.constant<SliceFilter[]>([{ kind: 'values', column: 'id', values: ['a', 'b'] }]),
);
const write = fc.record({
  mode: fc.constantFrom('append' as const, 'replace' as const, 'merge' as const),
  rows: fc.array(row, { maxLength: 6 }),
  slices,
  identity: fc.constantFrom('1', '2', '3'),
});

/** The outcome of a write, or the code of its error, and, apart from it, the version of the slices: each driver has its own digests. */
async function attempt(warehouse: Warehouse, change: Omit<TableWrite, 'table'>) {
  try {
    const { version: _, bytes: __, sliceVersion, ...outcome } = await warehouse.write({ table, ...change });
    return { outcome, sliceVersion };
  } catch (error) {
    return { outcome: isSpindleError(error) ? error.code : error, sliceVersion: undefined };
  }
}

describe('the warehouse in memory and the one in DuckDB', () => {
  it('do the same for the same writes, and change their versions together', async () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Asia/Kathmandu'];
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 5 }), async (writes) => {
        const memory = createMemoryWarehouse();
        const duckdb = await openDuckDbWarehouse({
          path: join(await temporaryFolder(), 'w.duckdb'),
          memoryLimit: '128MB',
          threads: 1,
          holder: 'test',
        });
        const both = [memory, duckdb] as const;
        const versions: (readonly (string | undefined)[])[] = [];
        const sorted = async (warehouse: Warehouse) => (await scanAll(warehouse, table)).map((found) => JSON.stringify(found)).toSorted();
        for (const warehouse of both) await warehouse.ensureTable(table);
        for (const change of writes) {
          const [inMemory, onDisk] = [await attempt(memory, change), await attempt(duckdb, change)];
          expect(onDisk.outcome).toEqual(inMemory.outcome);
          versions.push([inMemory.sliceVersion, onDisk.sliceVersion]);
          versions.push([await memory.version(table.name), await duckdb.version(table.name)]);
          expect(await sorted(duckdb)).toEqual(await sorted(memory));
          expect(await duckdb.count(table.name, change.slices)).toBe(await memory.count(table.name, change.slices));
        }
        const states = (index: 0 | 1) => versions.map((pair) => versions.findIndex((other) => other[index] === pair[index]));
        expect(states(1)).toEqual(states(0));
        for (const unit of ['hour', 'day', 'week', 'month'] as const) {
          for (const zone of zones) {
            const [a, b] = [
              await memory.sliceVersions(table.name, 'played_at', unit, zone),
              await duckdb.sliceVersions(table.name, 'played_at', unit, zone),
            ];
            expect([...b.keys()]).toEqual([...a.keys()]);
          }
        }
        await duckdb.close();
      }),
      { numRuns: 20 },
    );
  });
});
