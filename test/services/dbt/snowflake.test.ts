import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineProject, source, table } from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDbtTransformer } from '../../../src/drivers/transformer/dbt.ts';
import { openSnowflakeWarehouse } from '../../../src/drivers/warehouse/snowflake.ts';
import { columnsOf } from '../../../src/runtime/schema/columns-of.ts';
import { writeScenario } from '../../codegen/dbt/write-project.ts';
import { Broken, rows } from '../../e2e/generated-dbt/broken-rows.ts';
import { root } from '../../e2e/dbt-project.ts';
import { createDatabase, settingsFor } from '../snowflake/open.ts';
import { startEmulator, type Emulator } from '../snowflake/server.ts';

describe('the generated tests in Snowflake, by its emulator', () => {
  let emulator: Emulator;
  let folder = '';
  beforeAll(async () => {
    emulator = await startEmulator();
    folder = mkdtempSync(join(tmpdir(), 'spindle-dbt-sources-'));
  });
  afterAll(async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true });
  });

  it('find the same rows that break the schema as in DuckDB, in columns whose names are words of SQL too', async () => {
    await createDatabase(emulator, 'SOURCES');
    const settings = settingsFor(emulator, 'SOURCES');
    const warehouse = await openSnowflakeWarehouse({ settings, directory: join(folder, 'stage') });
    const columns = columnsOf(Broken, { asset: 't' }).map((column) => ({ ...column, nullable: true }));
    await warehouse.write({ table: { name: 't.broken', columns, key: [], generation: '1' }, mode: 'append', rows, identity: 'once' });
    await warehouse.close();

    const broken = source('t/broken', { store: table('t.broken', Broken, { key: ['order', 'level'] }) });
    const dbt = dbtProject({ name: 'shop', dir: 'dbt', sources: [broken] });
    const project = defineProject({ name: 'shop', assets: [broken], dbt: [dbt], environments: { local: {} } });
    const [dir = ''] = writeScenario(folder, { project });
    const directory = join(folder, 'work');
    const transformer = openDbtTransformer({
      root,
      dialect: 'snowflake',
      python: undefined,
      directory,
      notify: () => {},
      faults: () => {},
    });
    const found: string[] = [];
    await transformer.build({ dir, select: ['source:*'], target: { dialect: 'snowflake', connection: settings } }, (event) => {
      if (event.type === 'finished')
        found.push(`${event.node.split('.')[2]?.replace(/_t_broken.*/, '')} ${event.status} ${event.failures}`);
    });
    await transformer.close();
    expect(found.toSorted()).toEqual([
      'source_accepted_values fail 1',
      'source_accepted_values fail 1',
      'source_accepted_values fail 2',
      'source_not_null fail 1',
      'source_not_null pass 0',
      'source_spindle_accepted_texts fail 2',
      'source_spindle_in_range fail 2',
      'source_spindle_unique_together fail 1',
    ]);
  });
});
