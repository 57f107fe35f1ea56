import { declaredTable } from '../../../src/codegen/ddl/table-ddl.ts';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import type { Warehouse } from '../../../src/runtime/resource/warehouse.ts';
import { deadLetterColumns, deadLetterTable } from '../../../src/runtime/schema/dead-letter.ts';
import { shop } from './shop.ts';

const written = { key: [], generation: 'g' };

/** Has a warehouse make the tables of the shop as runs do: those that are loaded by a load of nothing. */
export async function makeTables(warehouse: Warehouse): Promise<void> {
  for (const key of ['bronze/sales', 'prices']) {
    const table = declaredTable(shop.get(key))!;
    await warehouse.load({
      table: { ...table, ...written },
      lake: createMemoryObjectStore(),
      objects: [],
      deadLetters: { name: deadLetterTable(table.name), columns: deadLetterColumns, ...written },
      loadedAt: '2026-01-01T00:00:00.000Z',
    });
  }
  await warehouse.ensureTable({ ...declaredTable(shop.get('gold/totals'))!, ...written });
}
