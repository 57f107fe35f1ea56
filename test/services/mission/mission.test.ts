import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileSystemStore } from '../../../src/drivers/object-store/file-system.ts';
import { noFaults } from '../../../src/runtime/resource/faults.ts';
import type { CliProcess } from '../../cli/run-cli.ts';
import { startAirflow, type Airflow } from '../airflow/airflow.ts';
import { filesOf } from '../compose/rehearsal/image.ts';
import { postgresServer } from '../postgres/server.ts';
import { openStore } from '../s3/open.ts';
import { accountText, isLocked, isNotThereYet, isOfDbt, type Account } from './account.ts';
import { deploy, type Deployment, type Place } from './deployment.ts';
import { differences, GOLD, goldOf } from './gold.ts';
import { digestsIn, landedIn, TOPICS } from './lake.ts';
import { startServers, type Servers } from './servers.ts';
import { DAG, loaded, trigger, type Triggered } from './trigger.ts';

/** Of each half: 100,000 in all. */
const EVENTS = { listening_events: 40_000, user_activity: 10_000 } as const;
/** A span of the generators lies between them, so that each half has as many events. Both end a day: whatever is made of days is then the same at any later time. */
const INSTANTS = ['2026-06-10T00:00:00Z', '2026-06-17T00:00:00Z'] as const;
const SETTINGS = TOPICS.flatMap((topic) => ['--config', `stream/${topic}.events=${EVENTS[topic]}`]);
/** Eight seconds of producing, so that the lander closes objects meanwhile. The records are the same at any pace. */
const PACE = TOPICS.flatMap((topic) => ['--config', `stream/${topic}.rate=${EVENTS[topic] / 8}`]);
/** Made before there is an event, by the first producer. */
const CATALOGUE = ['catalogue__tracks', 'catalogue__users'];

/** How far a partition of Kafka is landed. */
interface Landed {
  readonly topic: string;
  readonly partition: number;
  readonly end: number;
  readonly lag: number;
}

/** The project of this repository in its environment `compose-snowflake`; the tests build on each other's state, in order. */
describe('the path from Kafka by MinIO and Airflow to gold in Snowflake, by its emulator', () => {
  const postgres = postgresServer();
  const start = performance.now();
  const triggered: Triggered[] = [];
  let account: Omit<Account, 'seconds'> | undefined;
  let servers: Servers;
  let deployment: Deployment;
  let image: readonly string[];
  let airflow: Airflow;
  let lander: CliProcess;

  beforeAll(async () => {
    servers = await startServers();
    deployment = await deploy({ ...servers.streaming, SPINDLE_POSTGRES_URL: await postgres.createDatabase() }, servers.snowflake);
    image = filesOf(deployment.root);
    const starting = startAirflow({
      dagsFolder: deployment.dags,
      // The DAG runs when it is triggered, and at five past no hour beside that.
      env: { ...deployment.variables('tasks'), SPINDLE_PROJECT_DIR: deployment.root, AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE: 'False' },
    });
    await deployment.spindle('services', 'lake', 'init');
    await deployment.spindle('tasks', 'warehouse', 'init');
    airflow = await starting;
    await airflow.unpause(DAG);
    lander = deployment.start('services', 'stream', 'lake/*');
  });
  afterAll(async () => {
    if (account !== undefined) process.stdout.write(accountText({ ...account, seconds: (performance.now() - start) / 1000 }));
    await airflow?.stop();
    lander?.child.kill('SIGKILL');
    await lander?.ended;
    await servers?.stop();
    deployment?.remove();
  });

  const lake = () => openStore(servers.minio, { bucket: servers.bucket });
  const produce = (place: Place, now: string, ...pace: readonly string[]) =>
    deployment.spindle(place, 'materialize', '--select', '+stream/*', '--now', now, ...SETTINGS, ...pace);
  const query = async (place: Place, ...sql: readonly string[]) =>
    JSON.parse(await deployment.spindle(place, 'query', '--json', ...sql)) as readonly unknown[];

  /** Produces and lands another half of the events, runs the DAG, and looks at what it loaded. */
  async function runHalf(now: string): Promise<Triggered> {
    const store = await lake();
    const before = await Promise.all(TOPICS.map((topic) => landedIn(store, topic)));
    await produce('services', now, ...PACE);
    // Beside the lander, as `first-landing` of docker-compose.yml: once it has ended, all that was produced is landed, whoever did it.
    await deployment.spindle('services', 'materialize', '--select', 'lake/*');
    const run = await trigger(airflow);
    triggered.push(run);
    for (const [index, topic] of TOPICS.entries()) {
      const { rows, rejected, objects, skippedObjects } = loaded(run, topic);
      expect(rows + rejected, topic).toBe(EVENTS[topic]);
      expect(rejected, topic).toBeGreaterThan(0);
      expect(skippedObjects, topic).toBe(before[index]?.count);
      expect(objects + skippedObjects, topic).toBe((await landedIn(store, topic)).count);
      // One at least of each partition of the topic.
      expect(objects, topic).toBeGreaterThanOrEqual(4);
    }
    return run;
  }
  function expectAllMade({ states, told }: Triggered): void {
    const skipped = Object.entries(states).flatMap(([task, state]) => (state === 'skipped' ? [task] : []));
    expect(skipped.toSorted()).toEqual(CATALOGUE);
    expect(Object.keys(told)).toHaveLength(Object.keys(states).length - CATALOGUE.length);
    const models = told['dbt__spotify']?.materialized.map(({ asset }) => asset) ?? [];
    expect(models).toEqual(
      expect.arrayContaining(['silver/listening_events', 'silver/user_activity', ...GOLD.map((table) => `gold/${table}`)]),
    );
    const checks = Object.values(told).flatMap((task) => task.checks);
    expect(checks.length).toBeGreaterThan(50);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  }

  it('has a DAG that Airflow reads without an error', async () => {
    expect(await airflow.importErrors()).toEqual({});
    expect(await airflow.dagIds()).toEqual([DAG]);
    expect(readFileSync(join(deployment.dags, `${DAG}.py`), 'utf8')).toContain('"SPINDLE_ENV": "compose-snowflake"');
  });

  it('takes half of the events at the first trigger, with every check', async () => {
    expectAllMade(await runHalf(INSTANTS[0]));
  });

  it('takes the other half at the second one, and nothing that was loaded before', async () => {
    expectAllMade(await runHalf(INSTANTS[1]));
  });

  it('has every task skipped at a third one', async () => {
    const run = await trigger(airflow);
    triggered.push(run);
    expect(new Set(Object.values(run.states))).toEqual(new Set(['skipped']));
  });

  it('loads nothing again where a load is forced', async () => {
    const forced = await deployment.spindle('tasks', 'materialize', '--select', 'bronze/*', '--force', '--json');
    const { assets } = JSON.parse(forced) as { readonly assets: readonly { readonly result: string; readonly rows: number }[] };
    expect(assets.map(({ result, rows }) => ({ result, rows }))).toEqual(TOPICS.map(() => ({ result: 'materialized', rows: 0 })));
  });

  it('brings each event into bronze once, or to the dead letters', async () => {
    const landings = JSON.parse(await deployment.spindle('services', 'landing', '--json')) as readonly Landed[];
    expect(landings.map(({ topic, partition, lag }) => [topic, partition, lag])).toEqual(
      TOPICS.flatMap((topic) => [0, 1, 2, 3].map((partition) => [topic, partition, 0])),
    );
    for (const topic of TOPICS)
      expect(landings.reduce((sum, { topic: of, end }) => sum + (of === topic ? end : 0), 0)).toBe(2 * EVENTS[topic]);

    const records = await query(
      'tasks',
      `select topic, count(*) as records, count(distinct place) as places, sum(letter) as letters from (
         select _topic as topic, _partition || '/' || _offset as place, 0 as letter from bronze.listening_events
         union all select _topic, _partition || '/' || _offset, 0 from bronze.user_activity
         union all select letters.topic, letters.partition || '/' || letters.offset, 1 from bronze.dead_letters as letters
       ) as records group by topic order by topic`,
    );
    const told = TOPICS.map((topic) => ({
      topic,
      records: 2 * EVENTS[topic],
      places: 2 * EVENTS[topic],
      letters: triggered.reduce((sum, run) => sum + loaded(run, topic).rejected, 0),
    }));
    expect(records).toEqual(told);
  });

  it('ends in the same gold as a local run from the same seed, row by row', async () => {
    // The topics grow in the same two steps, for a stream goes on from where its first run began. Everything behind them is made in one go.
    for (const now of INSTANTS) await produce('local', now);
    await deployment.spindle('local', 'materialize', '--now', INSTANTS[1], ...SETTINGS);

    const [expected, gold] = [await goldOf(deployment, 'local'), await goldOf(deployment, 'tasks')];
    expect([...expected].filter(([, rows]) => rows.length < 3)).toEqual([]);
    expect(differences(gold, expected)).toEqual([]);
    // Bronze and silver also say in which object a record came and when it was loaded, which differs by nature: they have as many rows.
    expect(await query('tasks')).toEqual(await query('local'));

    const store = await lake();
    const files = await openFileSystemStore({ directory: join(deployment.state('local'), 'local/lake'), faults: noFaults });
    const digests = await digestsIn(store);
    expect(Object.keys(digests).length).toBeGreaterThan(14);
    expect(digests).toEqual(await digestsIn(files));

    const landed = await Promise.all(TOPICS.map((topic) => landedIn(store, topic)));
    account = {
      events: TOPICS.reduce((sum, topic) => sum + 2 * EVENTS[topic], 0),
      objects: { count: landed.reduce((sum, { count }) => sum + count, 0), bytes: landed.reduce((sum, { bytes }) => sum + bytes, 0) },
      triggered,
      gold: {
        tables: GOLD.length,
        rows: [...gold.values()].reduce((sum, rows) => sum + rows.length, 0),
        digests: Object.keys(digests).length,
      },
      statements: await servers.emulator.statements(),
    };
  });

  it('has gold made by dbt in the database, and no statement fails but for what is not there yet or locked', async () => {
    const statements = await servers.emulator.statements();
    const ofDbt = statements.filter(isOfDbt);
    for (const table of GOLD)
      expect(ofDbt.filter(({ sql, ok }) => ok && sql.includes(`table SPOTIFY_DB.gold.${table}`)).length, table).toBeGreaterThanOrEqual(2);
    expect(ofDbt.filter(({ ok }) => !ok)).toEqual([]);
    expect(statements.filter((statement) => !statement.ok && !isNotThereYet(statement) && !isLocked(statement))).toEqual([]);
  });

  it('leaves no secret in what Airflow and its tasks keep, and nothing in the image, which is read-only', () => {
    const below = (folder: string) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((path) => join(folder, path))
        .filter((path) => statSync(path).isFile());
    const files = [...below(airflow.home), ...below(deployment.state('tasks'))];
    expect(files.length).toBeGreaterThan(20);
    const secrets = [...servers.secrets, postgres.password];
    expect(files.filter((path) => secrets.some((secret) => readFileSync(path).includes(secret)))).toEqual([]);
    expect(filesOf(deployment.root)).toEqual(image);
  });

  it('has a lander that ends in order on SIGTERM', async () => {
    lander.child.kill('SIGTERM');
    expect(await lander.ended).toMatchObject({ exit: 0 });
  });
});
