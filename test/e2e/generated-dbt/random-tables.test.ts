import { join } from 'node:path';
import fc from 'fast-check';
import { defineProject, source, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { describe, expect, it } from 'vitest';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import { columnsOf } from '../../../src/runtime/schema/columns-of.ts';
import { rowValidator } from '../../../src/runtime/schema/row-validator.ts';
import { writeScenario } from '../../codegen/dbt/write-project.ts';
import { anyTable } from '../../runtime/schema/round-trip/fields.ts';
import { build, useDbt } from '../dbt-project.ts';
import { Broken, rows } from './broken-rows.ts';

/** Tables of one project. More of them in one call cost dbt less than as many calls. */
const TABLES = 40;

describe('tables of any schema', () => {
  const rig = useDbt();

  it('are sources that dbt reads, and their rows pass all tests that are generated', async () => {
    let projects = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyTable, { minLength: TABLES, maxLength: TABLES }), async (tables) => {
        const folder = join(rig.directory, `random-${(projects += 1)}`);
        const sources = tables.map(({ schema }, index) => source(`t/${index}`, { store: table(`t.t${index}`, schema) }));
        const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources });
        const project = defineProject({ name: 'shop', assets: sources, dbt: [dbt], environments: { local: {} } });
        const [dir = ''] = writeScenario(folder, { project });

        const path = join(folder, 'warehouse.duckdb');
        const warehouse = await openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
        for (const [index, { schema, rows }] of tables.entries()) {
          const spec = { name: `t.t${index}`, columns: columnsOf(schema, { asset: 't' }), key: [], generation: '1' };
          await warehouse.write({ table: spec, mode: 'append', rows: rows.map(rowValidator(schema, 't')), identity: 'once' });
        }
        await warehouse.close();

        const ended = await build(rig.dbt, path, { dir, select: ['source:*'] });
        const tests = [...ended].filter(([node]) => node.startsWith('test.'));
        expect(tests.length).toBeGreaterThan(TABLES);
        expect(tests.filter(([, { status }]) => status !== 'pass')).toEqual([]);
      }),
      { numRuns: 1 },
    );
  });

  it('fail the tests that are generated where a row breaks what the schema says', async () => {
    const folder = join(rig.directory, 'broken');
    const broken = source('t/broken', { store: table('t.broken', Broken, { key: ['order', 'level'] }) });
    const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [broken] });
    const [dir = ''] = writeScenario(folder, {
      project: defineProject({ name: 'shop', assets: [broken], dbt: [dbt], environments: { local: {} } }),
    });
    const path = join(folder, 'warehouse.duckdb');
    const warehouse = await openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'test', faults: noFaults });
    const columns = columnsOf(Broken, { asset: 't' }).map((column) => ({ ...column, nullable: true }));
    await warehouse.write({ table: { name: 't.broken', columns, key: [], generation: '1' }, mode: 'append', rows, identity: 'once' });
    await warehouse.close();

    const ended = await build(rig.dbt, path, { dir, select: ['source:*'] });
    const failures = [...ended].map(([node, { status, failures: rowsThatFail }]) => `${node.split('.')[2]} ${status} ${rowsThatFail}`);
    expect(failures.map((line) => line.replace(/_[0-9a-f]{20,}/, '')).toSorted()).toMatchInlineSnapshot(`
      [
        "source_accepted_values_t_broken_isOpen__False__True fail 1",
        "source_accepted_values_t_broken_kind__a__b fail 2",
        "source_accepted_values_t_broken_level__False__1__2 fail 1",
        "source_not_null_t_broken__order_ fail 1",
        "source_not_null_t_broken_level pass 0",
        "source_spindle_accepted_texts_t_broken_quoted__it_s__back_slash fail 2",
        "source_spindle_in_range_t_broken_share__1__0 fail 2",
        "source_spindle_unique_together_t_broken__ORDER_if_target_type_snowflake_else_order___level fail 1",
      ]
    `);
  });
});
