import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { asset, table } from 'spindle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tableDdl } from '../../../../src/codegen/ddl/table-ddl.ts';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '../../../../src/drivers/warehouse/duckdb.ts';
import { isSpindleError } from '../../../../src/runtime/errors.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import { columnsOf } from '../../../../src/runtime/schema/columns-of.ts';
import { wireJsonSchema } from '../../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { rowValidator } from '../../../../src/runtime/schema/row-validator.ts';
import { storedRow } from '../../../../src/runtime/schema/stored-row.ts';
import { thrownBy } from '../../../thrown-by.ts';
import { anyField, anyTable, UNMAPPABLE } from './fields.ts';

/** Tables that are created, written and read: some 50 ms each. */
const RUNS = Number(process.env['SPINDLE_TEST_RUNS'] ?? 25);

const ajv = new Ajv2020({ strict: false, logger: false });
(formats as unknown as (to: Ajv2020) => void)(ajv);

describe('rows of any schema of the types that a table holds', () => {
  it('pass zod and the JSON Schema of the wire', () => {
    fc.assert(
      fc.property(anyTable, ({ schema, rows }) => {
        const validate = ajv.compile(wireJsonSchema(schema));
        for (const row of rows) {
          expect(schema.safeParse(row).error).toBeUndefined();
          expect(validate(row) ? [] : validate.errors).toEqual([]);
        }
      }),
      { numRuns: 4 * RUNS },
    );
  });

  describe('in DuckDB', () => {
    let folder = '';
    let warehouse: DuckDbWarehouse;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'spindle-round-trip-'));
      const path = join(folder, 'warehouse.duckdb');
      warehouse = await openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
    });
    afterAll(async () => {
      await warehouse.close();
      rmSync(folder, { recursive: true });
    });

    it('are the same when they are read back from the table that the generated SQL creates', async () => {
      let tables = 0;
      await fc.assert(
        fc.asyncProperty(anyTable, async ({ schema, rows }) => {
          const name = `t.t${(tables += 1)}`;
          const columns = columnsOf(schema, { asset: 't' });
          const ddl = tableDdl([asset('t', { store: table(name, schema) }).run(() => [])], 'duckdb');
          for (const statement of ddl.split(/(?<=;)\n/).filter(Boolean)) await warehouse.query(statement);

          const spec = { name, columns, key: [], generation: '1' };
          const written = rows.map(rowValidator(schema, 't'));
          await warehouse.write({ table: spec, mode: 'append', rows: written, identity: 'once' });
          const back = storedRow(schema);
          const read = [];
          for await (const row of warehouse.scan(spec)) read.push(back(row));

          const instants = columns.flatMap(({ name: column, type }) => (type === 'timestamp' ? [column] : []));
          const comparable = (row: Readonly<Record<string, unknown>>) => inWords(row, Object.keys(schema.shape), instants);
          expect(read.map(comparable).toSorted()).toEqual(written.map(comparable).toSorted());
          for (const row of read) expect(schema.safeParse(row).error).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    });
  });
});

/** A row as text: an instant is the same however it is written, a column that is left out is null, and 0 has no sign. */
function inWords(row: Readonly<Record<string, unknown>>, names: readonly string[], instants: readonly string[]): string {
  const values = names.map((name) => {
    const value = row[name] ?? null;
    return instants.includes(name) && typeof value === 'string' ? new Date(value).toISOString() : value;
  });
  return JSON.stringify(values, (_key, value: unknown) => (Object.is(value, -0) ? 0 : value));
}

describe('what no column holds', () => {
  it('is refused by name, with all others, wherever it stands', () => {
    const wrapped = fc.constantFrom<(schema: z.ZodType) => z.ZodType>(
      (schema) => schema,
      (schema) => schema.nullable(),
      (schema) => schema.readonly(),
    );
    const unmappable = fc.tuple(fc.constantFrom(...UNMAPPABLE), wrapped).map(([[name, make], wrap]) => ({ name, schema: wrap(make()) }));
    fc.assert(
      fc.property(fc.array(anyField, { maxLength: 3 }), fc.array(unmappable, { minLength: 1, maxLength: 3 }), (good, bad) => {
        const schema = z.object({
          ...Object.fromEntries(good.map((field, index) => [`good${index}`, field.schema])),
          ...Object.fromEntries(bad.map((field, index) => [`bad${index}`, field.schema])),
        });
        const thrown = thrownBy(() => columnsOf(schema, { asset: 'bronze/t' }));
        expect(isSpindleError(thrown) && thrown.code).toBe('SCHEMA_UNMAPPABLE');
        const { issues } = thrown as { readonly issues: readonly string[] };
        expect(issues).toHaveLength(bad.length);
        for (const [index, { name }] of bad.entries()) {
          expect(issues[index]).toContain(`bronze/t: column "bad${index}": `);
          expect(issues[index]).toContain(name);
        }
      }),
    );
  });
});
