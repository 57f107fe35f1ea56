import { join } from 'node:path';
import { openFileSystemStore } from '../../src/drivers/object-store/file-system.ts';
import { openSnowflakeWarehouse } from '../../src/drivers/warehouse/snowflake.ts';
import { asset, landed, landing, materialize, table, topic, type ObjectStore } from '../../src/runtime/index.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import { ephemeral } from '../../src/testing/index.ts';
import { Event } from '../landed-events.ts';
import { PREFIX, TOPIC } from './chain.ts';

/** What a load cost. */
export interface LoadCost {
  readonly objects: number;
  readonly rows: number;
  /** Requests that list, and the objects that they gave. */
  readonly listings: number;
  readonly listed: number;
  /** Requests that look for the newest object of each folder, for the landing's version. */
  readonly searches: number;
  /** The peak of this process's memory, in MiB. */
  readonly memory: number;
}

/** Loads what is new of the landing in a lake's folder into a database of Snowflake, as a process of its own, and writes what that cost. */
const [directory = '', url = '', database = ''] = process.argv.slice(2);
const cost = { listings: 0, listed: 0, searches: 0 };
const store = await openFileSystemStore({ directory, faults: noFaults });
async function* list(...[prefix, options]: Parameters<ObjectStore['list']>) {
  const isSearch = options?.limit !== undefined && prefix.startsWith(`${PREFIX}/${TOPIC}/`);
  if (isSearch) cost.searches += 1;
  else cost.listings += 1;
  for await (const object of store.list(prefix, options)) {
    if (!isSearch) cost.listed += 1;
    yield object;
  }
}
const warehouse = await openSnowflakeWarehouse({
  settings: { account: 'emulator', user: 'SPINDLE', login: { kind: 'password', password: 'any' }, url, database },
  directory: join(directory, '../files'),
});
const source = asset('stream/events', { store: topic(TOPIC, Event) }).run(() => []);
const lake = asset('lake/events', { store: landing(PREFIX, Event), deps: { source } }).run(({ source }) => source);
const bronze = asset('bronze/events', { store: table('bronze.events', landed(Event), { write: 'append' }), deps: { lake } }).run(
  ({ lake }) => lake,
);
const kit = ephemeral();
const run = await materialize([source, lake, bronze], {
  ...kit,
  select: 'bronze/events',
  resources: { ...kit.resources, lake: { ...store, list }, warehouse },
});
const made = run.events.find((event) => event.type === 'asset.materialized');
await warehouse.close();
if (made?.type !== 'asset.materialized') throw new Error(JSON.stringify(run.events.filter(({ type }) => type === 'step.failed')));
process.stdout.write(
  JSON.stringify({
    ...cost,
    objects: Number(made.metadata?.['objects']),
    rows: made.rows ?? 0,
    memory: process.resourceUsage().maxRSS / 1024,
  } satisfies LoadCost),
);
