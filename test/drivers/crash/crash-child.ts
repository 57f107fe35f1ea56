import { openEmbeddedBroker } from '../../../src/drivers/broker/embedded.ts';
import { currentProcess, formatIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import type { Faults } from '../../../src/runtime/resource/faults.ts';

/** Works on a store in a folder until the process kills itself at the n-th hit of a fault point, or to the end. */
const [kind = '', directory = '', point = '', hit = '1'] = process.argv.slice(2);

let hits = 0;
const faults: Faults = (reached) => {
  if (reached === point && ++hits === Number(hit)) process.kill(process.pid, 'SIGKILL');
};

async function produce(): Promise<void> {
  const broker = await openEmbeddedBroker({ directory, faults });
  await broker.ensureTopic({ name: 't', partitions: 1 });
  for (let batch = 0; batch < 5; batch += 1) {
    const records = Array.from({ length: 100 }, (_, i) => ({
      partition: 0,
      key: `${batch}-${i}`,
      value: Buffer.alloc(300, batch),
      headers: {},
      timestamp: i,
    }));
    await broker.produce('t', records);
    process.stdout.write(`${batch}\n`);
  }
}

async function put(): Promise<void> {
  const store = await openFileSystemStore({ directory, faults });
  for (let n = 0; n < 5; n += 1) {
    await store.putIfAbsent(`chain/${n}`, Buffer.alloc(10_000, n), { n: String(n) });
    process.stdout.write(`${n}\n`);
  }
}

async function record(): Promise<void> {
  const store = await openSqliteRunStore({ path: `${directory}/runs.db`, faults });
  for (let n = 0; n < 20; n += 1) {
    await store.append([
      { type: 'log', run: point, at: '2024-01-01T00:00:00.000Z', asset: 'a', message: `${n} first` },
      { type: 'log', run: point, at: '2024-01-01T00:00:00.000Z', asset: 'a', message: `${n} second` },
    ]);
    process.stdout.write(`${n}\n`);
  }
  await store.close();
}

async function run(): Promise<void> {
  const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString();
  const store = await openSqliteRunStore({ path: `${directory}/runs.db`, faults });
  const title = { project: 'music', environment: 'local', selection: '*', seed: 1, steps: 1 };
  await store.append([{ type: 'run.started', run: 'killed', at: at(0), ...title, process: formatIdentity(currentProcess()) }]);
  await store.append([{ type: 'log', run: 'killed', at: at(5), asset: 'a', message: 'still alive' }]);
  await store.append([{ type: 'run.finished', run: 'killed', at: at(9), status: 'succeeded', milliseconds: 9_000 }]);
}

switch (kind) {
  case 'produce':
    await produce();
    break;
  case 'put':
    await put();
    break;
  case 'record':
    await record();
    break;
  case 'run':
    await run();
    break;
  default:
    throw new Error(`unknown kind ${kind}`);
}
