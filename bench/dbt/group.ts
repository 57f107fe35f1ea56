import { randomUUID } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createRedactor } from '../../src/cli/redact.ts';
import { openEnvironment } from '../../src/cli/environment.ts';
import { dbtProject } from '../../src/dbt/project.ts';
import { dbt } from '../../src/drivers/providers/dbt.ts';
import { duckDb } from '../../src/drivers/providers/duck-db.ts';
import { sqliteRunStore } from '../../src/drivers/providers/sqlite-run-store.ts';
import { pythonPaths } from '../../src/drivers/transformer/python-environment.ts';
import { loadModels } from '../../src/project/load-models.ts';
import { asset } from '../../src/runtime/declare/asset.ts';
import { buildGraph } from '../../src/runtime/graph/graph.ts';
import { select } from '../../src/runtime/graph/selection/evaluate.ts';
import { noFaults } from '../../src/runtime/resource/faults.ts';
import type { RunStore } from '../../src/runtime/resource/run-store.ts';
import { runSelection } from '../../src/runtime/run/run-selection.ts';
import { startRun } from '../../src/runtime/run/start-run.ts';
import { systemClock } from '../../src/runtime/run/system-clock.ts';
import { createTally } from '../../src/runtime/run/tally.ts';
import { table } from '../../src/runtime/store/table.ts';
import type { Ran } from './ran.ts';
import { activityRow, listeningRow } from './rows.ts';

export interface Group {
  /** The DuckDB file, with bronze loaded. */
  readonly warehouse: string;
  /** A whole run of what is selected, stale or not. */
  build(selection: string, fullRefresh: boolean): Promise<Ran>;
  close(): Promise<void>;
}

const landed = {
  _topic: z.string(),
  _partition: z.int(),
  _offset: z.int(),
  _recorded_at: z.iso.datetime(),
  _object: z.string(),
  _loaded_at: z.iso.datetime(),
};
const text = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, z.string().nullable()]));
const Listening = z.object({
  ...text('event_id', 'event_type', 'user_id', 'session_id', 'song_id', 'song_name', 'artist_name'),
  ...text('device_type', 'os', 'app_version', 'country', 'city'),
  latitude: z.number(),
  longitude: z.number(),
  ms_played: z.int(),
  occurred_at: z.iso.datetime(),
  ...landed,
});
const Activity = z.object({
  ...text('event_id', 'event_type', 'user_id', 'session_id', 'query', 'plan', 'device_type', 'country'),
  occurred_at: z.iso.datetime(),
  ...landed,
});

/** The dbt project of the pipeline behind two tables of made-up rows, in one process as `spindle daemon` is one: dbt is started once. */
export async function openGroup(options: { readonly root: string; readonly folder: string; readonly events: number }): Promise<Group> {
  const { root, folder, events } = options;
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'dbt'), join(folder, 'dbt'), { recursive: true, filter: (path) => !/[/\\](target|logs)$/.test(path) });
  const listening = asset('bronze/listening_events', { store: table('bronze.listening_events', Listening), codeVersion: '1' }).run(() =>
    Array.from({ length: events }, (_, index) => listeningRow(index)),
  );
  const activity = asset('bronze/user_activity', { store: table('bronze.user_activity', Activity), codeVersion: '1' }).run(() =>
    Array.from({ length: events / 10 }, (_, index) => activityRow(index)),
  );
  const models = await loadModels([dbtProject({ name: 'spotify', dir: 'dbt', sources: [listening, activity] })], folder);
  const graph = buildGraph({ ...models, assets: [listening.definition, activity.definition, ...models.assets], jobs: [] });
  const { signal } = new AbortController();
  const environment = openEnvironment(
    { name: 'local', providers: { warehouse: duckDb(), transformer: dbt(), runStore: sqliteRunStore() } },
    {
      root: folder,
      env: { SPINDLE_PYTHON: pythonPaths(root).python },
      signal,
      faults: noFaults,
      redactor: createRedactor(),
      notify: () => {},
    },
  );
  const runStore = (await environment.open('runStore')) as RunStore;
  const build = async (selection: string, force: boolean, fullRefresh: boolean) => {
    const tally = createTally();
    const keys = select(graph, selection);
    const settings = { graph, selection: keys, resources: environment, clock: systemClock, signal, runStore, force, fullRefresh };
    const run = await startRun({ ...settings, run: randomUUID(), listen: tally.listen });
    const outcome = await runSelection(run, { project: 'spotify', environment: 'local', selection }, tally.hasFailed);
    if (outcome !== 'succeeded') throw new Error(`The run of ${selection} ${outcome}.`);
    const models = () => tally.materialized.flatMap(({ asset }) => graph.get(asset).transform?.uniqueId ?? []);
    const tests = () => tally.checks.map(({ asset, check }) => graph.checksOf(asset).find(({ name }) => name === check)?.uniqueId ?? check);
    return () => Promise.resolve([...models(), ...tests()]);
  };
  await build('**', false, false);
  return {
    warehouse: join(environment.directory, 'warehouse.duckdb'),
    build: (selection, fullRefresh) => build(selection, true, fullRefresh),
    close: () => environment.close(),
  };
}
