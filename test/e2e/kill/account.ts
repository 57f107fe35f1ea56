import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamOptions } from '../../../src/assets/stream/generator/stream-record.ts';
import { readManifest } from '../../../src/dbt/read-manifest.ts';
import { openEmbeddedBroker } from '../../../src/drivers/broker/embedded.ts';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { openSqliteRunStore } from '../../../src/drivers/run-store/sqlite.ts';
import { openDuckDbWarehouse } from '../../../src/drivers/warehouse/duckdb.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { RecordedState } from '../../../src/runtime/resource/run-store.ts';
import type { Difference } from './difference.ts';
import { goldProblems, silverDifference } from './models.ts';
import type { Rig } from './pipeline-run.ts';
import { bronzeDifference, chainProblems, generatedDifference, readTopic } from './records.ts';
import type { Stores } from './stores.ts';

export const STREAMS = [
  { topic: 'listening_events', chain: 'listening' },
  { topic: 'user_activity', chain: 'activity' },
] as const;
export type StreamName = (typeof STREAMS)[number]['topic'];

/** What was found of a state folder. Nothing is wrong with it where `missing`, `duplicated` and `problems` are zero and empty. */
export interface Account {
  /** Records of both topics. */
  readonly records: number;
  readonly missing: number;
  readonly duplicated: number;
  /** In words. */
  readonly problems: readonly string[];
}

export interface Counting {
  /** The clock of the first run, and of the last one. */
  readonly first: string;
  readonly last: string;
  readonly catalogue: StreamOptions['catalogue'];
  /** Whether everything was materialized, or only up to bronze. */
  readonly models: boolean;
}

/** Counts everything, from the generators' own sequences to gold, by reading what lies in the stores. */
export async function account(rig: Rig, counting: Counting): Promise<Account> {
  const stores = await openStores(rig.state);
  try {
    const problems: string[] = [];
    const differences: Difference[] = [];
    const note = (what: string, difference: Difference) => {
      differences.push(difference);
      if (difference.missing + difference.duplicated + difference.foreign > 0) problems.push(`${what}: ${JSON.stringify(difference)}`);
    };
    let records = 0;
    for (const { topic, chain } of STREAMS) {
      const kept = await readTopic(stores, topic);
      records += kept.length;
      note(`${topic}, events of the generator in the topic`, generatedDifference(rig, counting, { topic, kept }));
      note(`${topic}, records of the topic in bronze or dead letters`, await bronzeDifference(stores, topic, kept));
      problems.push(...(await chainProblems(stores, { topic, chain })));
      if (counting.models) note(`${topic}, events of bronze in silver`, await silverDifference(stores, topic));
    }
    if (counting.models) problems.push(...(await goldProblems(stores)));
    problems.push(...(await runProblems(stores, rig, counting)));
    const sum = (of: (difference: Difference) => number) => differences.reduce((total, difference) => total + of(difference), 0);
    return {
      records,
      missing: sum(({ missing }) => missing),
      duplicated: sum(({ duplicated, foreign }) => duplicated + foreign),
      problems,
    };
  } finally {
    await stores.close();
  }
}

async function openStores(state: string): Promise<Stores & { close(): Promise<void> }> {
  const directory = join(state, 'local');
  const broker = await openEmbeddedBroker({ directory: join(directory, 'broker'), faults: noFaults });
  const lake = await openFileSystemStore({ directory: join(directory, 'lake'), faults: noFaults });
  const warehouse = await openDuckDbWarehouse({ path: join(directory, 'warehouse.duckdb'), memoryLimit: '256MB', holder: 'the count' });
  const runs = await openSqliteRunStore({ path: join(directory, 'runs.db'), faults: noFaults });
  return {
    broker,
    lake,
    warehouse,
    runs,
    async close() {
      await Promise.all([broker.close(), warehouse.close(), runs.close()]);
    },
  };
}

/** The last run succeeded; those before have ended too, killed ones as failed; what the log says of versions is what the stores hold, and what was checked. */
async function runProblems({ runs, warehouse }: Stores, { root }: Rig, { models }: Counting): Promise<readonly string[]> {
  const [last, ...before] = await runs.runs();
  const { materialized, observed, checks } = await runs.state();
  const recorded = (asset: string) => [...materialized, ...observed].findLast((event) => event.asset === asset)?.version;
  const problems: string[] = [];
  if (last?.status !== 'succeeded') problems.push(`the last run is recorded as ${last?.status}`);
  for (const { run, status } of before) if (status === 'running') problems.push(`run ${run} is recorded as running`);
  for (const { topic } of STREAMS)
    if (recorded(`bronze/${topic}`) !== (await warehouse.version(`bronze.${topic}`)))
      problems.push(`the recorded version of bronze/${topic} is not that of the warehouse`);
  if (models) problems.push(...(await uncheckedModels(root, { recorded, checks })));
  return problems;
}

/** Every test of the dbt project has a result for the version that its model has now. */
async function uncheckedModels(
  root: string,
  { recorded, checks }: { recorded(asset: string): string | null | undefined; readonly checks: RecordedState['checks'] },
): Promise<readonly string[]> {
  const { tests } = readManifest(JSON.parse(await readFile(join(root, 'dbt/manifest.json'), 'utf8')));
  return tests.flatMap(({ node, source, name }) => {
    const judged = node ?? source?.replace('.', '/');
    const result = checks.find(({ asset, check }) => asset === judged && check === name);
    return result !== undefined && result.version === recorded(result.asset) ? [] : [`the check "${name}" of ${judged} was left out`];
  });
}
