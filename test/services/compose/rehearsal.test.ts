import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createApi, type AirflowApi } from '../airflow/api.ts';
import { createRest } from '../airflow/rest.ts';
import { createUntil } from '../airflow/until.ts';
import { initializedFolder, isJob, readEnvFile, resolveCompose, type ComposeConfiguration } from './configuration.ts';
import { filesOf } from './rehearsal/image.ts';
import { unaccounted } from './rehearsal/kinds.ts';
import { createPlace } from './rehearsal/place.ts';
import { rehearse, type Rehearsal } from './rehearsal/rehearsal.ts';

const DAG = 'spotify__pipeline';
const TOPICS = ['listening_events', 'user_activity'] as const;
const SCHEDULER = 'airflow-scheduler';

let folder: string;
let configuration: ComposeConfiguration;
beforeAll(async () => {
  folder = await initializedFolder();
  configuration = await resolveCompose(folder, { PRODUCER_RATE: '500' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the rehearsal', () => {
  const changed = (name: string, change: object): ComposeConfiguration['services'] => ({
    ...configuration.services,
    [name]: { ...configuration.services['lander']!, ...configuration.services[name], ...change },
  });

  it('accounts for every service, key and variable of docker-compose.yml, and for no other', () => {
    expect(unaccounted(configuration.services)).toEqual([]);
    expect(unaccounted(changed('monitor', {}))).toEqual(['monitor: the service']);
    expect(unaccounted(changed('kafka', { image: 'redpanda:1.2' }))).toEqual(['kafka: the image redpanda:1.2']);
    expect(unaccounted(changed('lander', { working_dir: '/data' }))).toEqual(['lander: the key working_dir']);
    expect(unaccounted(changed('minio', { environment: { MINIO_DOMAIN: 'a' } }))).toEqual(['minio: the variable MINIO_DOMAIN']);
  });

  it('refuses an address or a path for which it has nothing', async () => {
    const root = mkdtempSync(join(tmpdir(), 'spindle-place-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const place = await createPlace(root, { '/opt/spindle': `${root}/image` });
    const lander = await place.instance('lander', 'lander', configuration.services['lander']!);
    expect(place.translate('/opt/spindle/bin/spindle.js', lander)).toBe(`${root}/image/bin/spindle.js`);
    expect(place.translate('postgresql://a:b@postgres:5432/spindle', lander)).toMatch(/^postgresql:\/\/a:b@127\.0\.0\.1:\d+\/spindle$/);
    expect(place.translate('0.0.0.0:9464', lander)).toBe(`127.0.0.1:${lander.ports.get(9464)}`);
    expect(() => place.translate('http://minio:9001', lander)).toThrow(
      'does not know what is at minio:9001, which the service lander speaks to',
    );
    expect(() => place.translate('--file=/srv/lake.json', lander)).toThrow('no place for the path /srv/lake.json');
    expect(() => place.translate('/srv/lake.json', lander)).toThrow('no place for the path /srv/lake.json of the service lander');
  });

  it('starts nothing where it and the file are out of step', async () => {
    await expect(rehearse({ ...configuration, services: changed('monitor', {}) })).rejects.toThrow('out of step:\nmonitor: the service');
  });
});

describe('the system of docker-compose.yml, as processes of this machine', () => {
  let rehearsal: Rehearsal;
  let airflow: AirflowApi;
  let image: readonly string[];
  beforeAll(async () => {
    rehearsal = await rehearse(configuration, { lander: 2 });
    image = filesOf(rehearsal.image);
    try {
      await rehearsal.up();
    } catch (error) {
      throw new Error(`The system does not start:\n${rehearsal.logs()}`, { cause: error });
    }
    const env = readEnvFile(join(folder, '.env'));
    const login = { username: env.get('AIRFLOW_ADMIN_USER') ?? '', password: env.get('AIRFLOW_ADMIN_PASSWORD') ?? '' };
    const until = createUntil(
      () => undefined,
      () => Promise.resolve(rehearsal.logs()),
    );
    airflow = createApi(createRest(`http://${rehearsal.address('airflow-api-server', 8080)}`, login), until);
  });
  afterAll(() => rehearsal?.remove());

  const count = async (table: string): Promise<number> => {
    const rows = JSON.parse(await rehearsal.spindle(SCHEDULER, 'query', `select count(*) as rows from ${table}`, '--json')) as [
      { readonly rows: number },
    ];
    return rows[0].rows;
  };
  const landings = async () =>
    JSON.parse(await rehearsal.spindle('lander', 'landing', '--json')) as readonly {
      readonly topic: string;
      readonly landed: number;
      readonly end: number;
      readonly lag: number;
    }[];
  /** Starts the DAG by hand, and waits for that run and the one of its schedule. */
  const runPipeline = async (): Promise<void> => {
    await airflow.trigger(DAG);
    const runs = await airflow.until(
      'the end of all runs',
      async () => {
        const all = await airflow.runs(DAG);
        return all.every(({ state }) => state === 'success' || state === 'failed') ? all : undefined;
      },
      300,
    );
    for (const { dag_run_id } of runs) await airflow.waitForSuccess(DAG, dag_run_id);
  };

  it('starts in the order that it asks for, each service once those that it needs are well', () => {
    const started = rehearsal.started();
    expect(started.toSorted()).toEqual(Object.keys(configuration.services).toSorted());
    for (const [name, { depends_on = {} }] of Object.entries(configuration.services))
      for (const needed of Object.keys(depends_on))
        expect(started.indexOf(needed), `${needed} before ${name}`).toBeLessThan(started.indexOf(name));
  });

  it('lets in who has the password of .env, and nobody else', async () => {
    const url = `http://${rehearsal.address('airflow-api-server', 8080)}`;
    expect(await airflow.dagIds()).toEqual([DAG]);
    await expect(createRest(url, { username: 'admin', password: 'admin' }).get('/dags')).rejects.toThrow('401');
    expect((await fetch(`${url}/api/v2/dags`)).status).toBe(401);
    expect(await airflow.pools()).toMatchObject({ spotify__warehouse: 1 });
    expect(await airflow.importErrors()).toEqual({});
  });

  it('fills bronze and gold by its DAG, while the producer and two landers run', async () => {
    await airflow.until('landed records of both topics', async () => {
      const landed = new Set((await landings()).flatMap(({ topic, landed: offset }) => (offset > 0 ? [topic] : [])));
      return TOPICS.every((topic) => landed.has(topic)) ? true : undefined;
    });
    await runPipeline();
    for (const table of ['bronze.listening_events', 'bronze.user_activity', 'silver.listening_events', 'gold.top_songs'])
      expect(await count(table), table).toBeGreaterThan(0);
  });

  it('has every record that was produced in bronze or among the dead letters, once the producer has ended', async () => {
    expect(await rehearsal.stop('producer')).toEqual([0]);
    const ends = await airflow.until('all records landed', async () => {
      const partitions = await landings();
      return partitions.every(({ lag }) => lag === 0) ? partitions : undefined;
    });
    await runPipeline();
    for (const topic of TOPICS) {
      const produced = ends.filter((partition) => partition.topic === topic).reduce((sum, { end }) => sum + end, 0);
      const [rows, letters] = [await count(`bronze.${topic}`), await count(`bronze.dead_letters where topic = '${topic}'`)];
      expect(produced, topic).toBeGreaterThan(1000);
      expect(rows + letters, topic).toBe(produced);
    }
    expect(await count('bronze.dead_letters')).toBeGreaterThan(0);
  });

  it('ends in order on SIGTERM, the landers with all that they have read landed', async () => {
    const ended = await rehearsal.down();
    expect(ended['lander']).toEqual([0, 0]);
    expect(Object.keys(ended)).toEqual(
      rehearsal
        .started()
        .toReversed()
        .filter((name) => !isJob(configuration.services[name]!) && name !== 'producer'),
    );
    expect(Object.entries(ended).filter(([, endings]) => endings.includes('SIGKILL'))).toEqual([]);
  });

  it('has written nothing into the image, which is read-only', () => {
    expect(filesOf(rehearsal.image)).toEqual(image);
  });
});
