import { DuckDBInstance } from '@duckdb/node-api';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { LoadObject } from '../../../src/runtime/resource/warehouse.ts';
import { loadOf } from '../../../src/testing/contract/warehouse/fixture.ts';

/** Holds a warehouse until its standard input ends, or loads objects until it kills itself at a fault point. */
const [kind = '', folder = '', argument = ''] = process.argv.slice(2);
const path = `${folder}/warehouse.duckdb`;

async function untilTold(): Promise<void> {
  process.stdout.write('holding\n');
  for await (const _ of process.stdin);
}

const faults = (point: string) => {
  if (point === argument) process.kill(process.pid, 'SIGKILL');
};
const open = () => openDuckDbWarehouse({ path, memoryLimit: '256MB', threads: 1, holder: 'the other run', patience: 0, faults });

switch (kind) {
  case 'lend': {
    const warehouse = await open();
    await warehouse.lend('dbt', untilTold);
    break;
  }
  case 'scan': {
    const warehouse = await open();
    for await (const _ of warehouse.scan(loadOf({} as never, []).table)) {
      await untilTold();
      break;
    }
    break;
  }
  case 'shell': {
    const instance = await DuckDBInstance.create(path);
    await untilTold();
    instance.closeSync();
    break;
  }
  case 'load': {
    const warehouse = await open();
    const lake = await openFileSystemStore({ directory: `${folder}/lake`, faults: noFaults });
    const objects: LoadObject[] = JSON.parse(process.argv[5] ?? '[]') as LoadObject[];
    await warehouse.load(loadOf(lake, objects));
    break;
  }
  default:
    throw new Error(`unknown kind ${kind}`);
}
