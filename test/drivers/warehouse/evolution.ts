import fc from 'fast-check';
import { expect } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import type { TableSpec, Warehouse, WarehouseRow } from '../../../src/runtime/resource/warehouse.ts';
import { COLUMN_TYPES, type Column, type ColumnType } from '../../../src/runtime/schema/column.ts';
import { loadColumns } from '../../../src/runtime/schema/load-columns.ts';
import { landObject, loadOf, scanAll } from '../../../src/testing/contract/warehouse/fixture.ts';

const VALUES: Readonly<Record<ColumnType, unknown>> = {
  string: "it's",
  integer: 9_007_199_254_740_991,
  number: 0.5,
  boolean: false,
  timestamp: '2026-01-01T10:00:00.000Z',
  date: '2026-02-28',
  json: { a: [1, null, 'x'] },
};

type Columns = readonly Column[];
const NAMES = ['a', 'b', 'c'] as const;

/** Tables of the same few columns, so that two of them are often alike. */
const drawnColumns = fc
  .tuple(...NAMES.map(() => fc.option(fc.record({ type: fc.constantFrom(...COLUMN_TYPES), nullable: fc.boolean() }))))
  .map((drawn): Columns => [
    { name: 'id', type: 'integer', nullable: false },
    ...drawn.flatMap((column, index) => (column === null ? [] : [{ name: NAMES[index]!, description: `It's ${index}`, ...column }])),
  ]);
const grown = (before: Columns): fc.Arbitrary<Columns> =>
  fc
    .tuple(fc.boolean(), fc.constantFrom(...COLUMN_TYPES))
    .map(([loosens, type]) => [
      ...before.map((column) => (loosens && column.name !== 'id' ? { ...column, nullable: true } : column)),
      { name: 'more', type, nullable: true },
    ]);
const change = drawnColumns.chain((before) =>
  fc.record({ before: fc.constant(before), after: fc.oneof(drawnColumns, grown(before)), how: fc.constantFrom('write', 'load') }),
);

const rowOf = (columns: Columns, id: number): WarehouseRow =>
  Object.fromEntries(columns.map(({ name, type, nullable }) => [name, name === 'id' ? id : nullable && id === 2 ? null : VALUES[type]]));

/** The columns that no ALTER leads to, said without the code under test. */
const hindering = (before: Columns, after: Columns): readonly string[] => [
  ...before.filter(({ name }) => !after.some((column) => column.name === name)).map(({ name }) => name),
  ...after
    .filter((column) => {
      const was = before.find(({ name }) => name === column.name);
      return was === undefined ? !column.nullable : was.type !== column.type || (was.nullable && !column.nullable);
    })
    .map(({ name }) => name),
];

/**
 * For every change of a table: rows can be added under the new columns, the old ones are as they were, and the table has exactly these columns; or that is refused by
 * the columns' names, nothing changed, and a full refresh makes the table anew.
 */
export async function expectEvolution(warehouse: Warehouse, numRuns: number): Promise<void> {
  let count = 0;
  const seen = { altered: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(change, async ({ before, after, how }) => {
      count += 1;
      const name = `evolve.t${count}`;
      const isSame = JSON.stringify(before) === JSON.stringify(after);
      const spec = (columns: Columns): TableSpec => ({ name, columns, key: [], generation: columns === before || isSame ? 'g1' : 'g2' });
      const add = addTo(warehouse, how);
      const added = how === 'load' ? loadColumns : [];
      const rows = [rowOf(before, 1), rowOf(before, 2)];
      await add(spec(before), rows, 'first');
      const version = await warehouse.version(name);
      const more = [rowOf(after, 3)];
      const hindered = hindering(before, after);
      if (hindered.length === 0) {
        await add(spec(after), more, 'second');
        const filled = rows.map((row) => Object.fromEntries(after.map((column) => [column.name, row[column.name] ?? null])));
        expect(sorted(await scanAll(warehouse, spec(after)))).toEqual([...filled, ...more]);
        expect(await columnNames(warehouse, name)).toEqual(names([...after, ...added]));
        // all of them may be null now that are declared so
        if (!isSame) await add(spec(after), [rowOf(after, 2)], 'third');
        if (!isSame) seen.altered += 1;
        return;
      }
      const refusal = await add(spec(after), more, 'second').then(
        () => undefined,
        (error: unknown) => error as { readonly code: string; readonly message: string; readonly remedy: string },
      );
      expect(refusal).toMatchObject({ code: 'TABLE_NEEDS_REBUILD', remedy: expect.stringContaining('--full-refresh') });
      for (const column of hindered) expect(refusal?.message).toContain(`"${column}"`);
      expect(refusal?.message).toContain(name);
      expect(sorted(await scanAll(warehouse, spec(before)))).toEqual(rows);
      expect(await columnNames(warehouse, name)).toEqual(names([...before, ...added]));
      expect(await warehouse.version(name)).toBe(version);
      await add(spec(after), more, 'anew', true);
      expect(await scanAll(warehouse, spec(after))).toEqual(more);
      expect(await columnNames(warehouse, name)).toEqual(names([...after, ...added]));
      seen.refused += 1;
    }),
    { numRuns, endOnFailure: true },
  );
  expect(seen.altered).toBeGreaterThan(numRuns / 10);
  expect(seen.refused).toBeGreaterThan(numRuns / 10);
}

const names = (columns: Columns): readonly string[] => columns.map(({ name }) => name).toSorted();
const sorted = (rows: readonly WarehouseRow[]) => rows.toSorted((a, b) => Number(a['id']) - Number(b['id']));

/** From a row: every table here has one. */
async function columnNames(warehouse: Warehouse, table: string): Promise<readonly string[]> {
  const [row = {}] = await warehouse.query(`SELECT * FROM ${table} LIMIT 1`);
  return Object.keys(row)
    .map((name) => name.toLowerCase())
    .toSorted();
}

function addTo(warehouse: Warehouse, how: 'write' | 'load') {
  const lake = createMemoryObjectStore();
  return async (table: TableSpec, rows: readonly WarehouseRow[], identity: string, fullRefresh = false): Promise<void> => {
    if (how === 'write') await warehouse.write({ table, mode: 'append', rows, identity, fullRefresh });
    else {
      const deadLetters = { ...loadOf(lake, []).deadLetters, name: 'evolve.dead_letters' };
      await warehouse.load(loadOf(lake, [await landObject(lake, `t/${identity}`, { rows })], { table, deadLetters, fullRefresh }));
    }
  };
}
