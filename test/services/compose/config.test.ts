import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { airflowPython } from '../airflow/environments.ts';
import { parseCommand } from '../../docs/command-line.ts';
import { readPages } from '../../docs/page.ts';
import {
  COMPOSE_FILE,
  compose,
  initializedFolder,
  isJob,
  readEnvFile,
  resolveCompose,
  ROOT,
  seconds,
  type ComposeConfiguration,
  type ComposeService,
} from './configuration.ts';
import { readDockerfile } from './dockerfile.ts';
import { hadolint } from './tools.ts';

const DOCKERFILES = ['Dockerfile', 'airflow/Dockerfile', 'docker/minio/Dockerfile'];
/** What has to be there before a service starts. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'lake-init': ['minio'],
  producer: ['kafka', 'minio', 'postgres', 'lake-init'],
  lander: ['kafka', 'minio', 'postgres', 'lake-init'],
  'first-landing': ['kafka', 'minio', 'postgres', 'producer', 'lander'],
  'airflow-init': ['postgres'],
  'airflow-api-server': ['postgres', 'airflow-init'],
  'airflow-scheduler': ['postgres', 'airflow-init', 'airflow-api-server', 'minio', 'first-landing'],
  'airflow-dag-processor': ['postgres', 'airflow-init'],
  'airflow-triggerer': ['postgres', 'airflow-init', 'airflow-api-server'],
};

const text = readFileSync(COMPOSE_FILE, 'utf8');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };

let folder: string;
let configuration: ComposeConfiguration;
beforeAll(async () => {
  folder = await initializedFolder();
  configuration = await resolveCompose(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const services = () => Object.entries(configuration.services);
/** The names of the services of which something does not hold. */
const failing = (holds: (service: ComposeService, name: string) => boolean) =>
  services().flatMap(([name, service]) => (holds(service, name) ? [] : [name]));

describe('docker-compose.yml', () => {
  it('has all of the system, and resolves without a warning', async () => {
    expect(Object.keys(configuration.services).toSorted()).toEqual(['kafka', 'minio', ...Object.keys(NEEDED), 'postgres'].toSorted());
    expect(await compose(folder, ['config', '--quiet'])).toBe('');
  });

  it('pins every image, to the versions that are tested', () => {
    expect(failing(({ image }) => /^[\w./-]+:[\w.-]*\d[\w.-]*$/.test(image))).toEqual([]);
    const images = Object.fromEntries(services().map(([name, { image }]) => [name, image]));
    for (const [name, { build, image }] of services())
      if (image.startsWith('spindle')) expect(build !== undefined || configuration.services[name]?.['pull_policy']).toBeTruthy();
    expect(images['kafka']).toBe('apache/kafka:4.1.1');
    expect(images['producer']).toBe(`spindle:${version}`);
    expect(images['airflow-init']).toBe(`spindle-airflow:${version}`);
    const airflow = /^apache-airflow==(.+)$/m.exec(readFileSync(join(ROOT, 'test/services/airflow/requirements-3.3.in'), 'utf8'))?.[1];
    expect(readDockerfile(join(ROOT, 'airflow/Dockerfile')).at(-1)?.from).toBe(`apache/airflow:${airflow}-python3.12`);
    const minio = /v0\.0\.0-\d+-\w+/.exec(readFileSync(join(ROOT, 'test/services/s3/install.ts'), 'utf8'))?.[0];
    expect(readFileSync(join(ROOT, 'docker/minio/Dockerfile'), 'utf8')).toContain(`ARG MINIO_VERSION=${minio}\n`);
  });

  it('builds each of its own images once, and asks no registry for them', () => {
    const own = services().filter(([, { image }]) => image.startsWith('spindle'));
    expect(own.filter(([, service]) => service['pull_policy'] !== 'never').map(([name]) => name)).toEqual([]);
    const built = own.flatMap(([, { image, build }]) => (build === undefined ? [] : [image]));
    expect(built.toSorted()).toEqual([...new Set(own.map(([, { image }]) => image))].toSorted());
  });

  it('publishes ports on the loopback address only, and joins no network from outside but for those', () => {
    const ports = services().flatMap(([, { ports: of = [] }]) => of);
    expect(ports.map(({ host_ip, target, published }) => [host_ip, target, published])).toEqual([['127.0.0.1', 8080, '8080']]);
    const isInternal = (name: string) => configuration.networks[name]?.internal === true;
    expect(failing(({ networks, ports: of }) => of !== undefined || Object.keys(networks).every(isInternal))).toEqual([]);
    expect(failing(({ networks }) => Object.keys(networks).includes('internal'))).toEqual([]);
  });

  it('has a health check and a restart policy for whatever runs on, and waits for what a service needs', () => {
    expect(failing((service) => isJob(service) === (service.healthcheck === undefined))).toEqual([]);
    expect(failing(({ restart }) => /^(no|unless-stopped|on-failure:\d+)$/.test(restart))).toEqual([]);
    const fitting = (needed: string, condition: string) =>
      condition === (isJob(configuration.services[needed]!) ? 'service_completed_successfully' : 'service_healthy');
    const wrong = services().flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on).flatMap(([needed, { condition }]) =>
        fitting(needed, condition) ? [] : [`${name}: ${needed} ${condition}`],
      ),
    );
    expect(wrong).toEqual([]);
    const missing = Object.entries(NEEDED).flatMap(([name, needed]) => {
      const started = startedBefore(name);
      return needed.flatMap((other) => (started.has(other) ? [] : [`${name}: ${other}`]));
    });
    expect(missing).toEqual([]);
  });

  it('gives everything time to end, and a process that passes signals on', () => {
    expect(failing((service) => isJob(service) || seconds(service.stop_grace_period ?? '') >= 30)).toEqual([]);
    expect(failing(({ image, init }) => !image.startsWith('spindle:') || init === true)).toEqual([]);
    // A shell in between would keep SIGTERM for itself.
    expect(failing(({ entrypoint }) => entrypoint === undefined || entrypoint === null)).toEqual([]);
    expect(text).not.toMatch(/^\s+command: (?!\[)/m);
    expect(text).not.toContain('CMD-SHELL');
  });

  it('runs nothing as root, with a right that it does not need, or without a limit', () => {
    expect(failing(({ user }) => typeof user === 'string' && !/^(root|0)?(:|$)/.test(user))).toEqual([]);
    expect(
      failing(({ cap_drop, cap_add, privileged }) => String(cap_drop) === 'ALL' && cap_add === undefined && privileged === undefined),
    ).toEqual([]);
    expect(failing(({ security_opt }) => String(security_opt) === 'no-new-privileges:true')).toEqual([]);
    expect(failing(({ mem_limit, cpus, pids_limit }) => Number(mem_limit) > 0 && Number(cpus) > 0 && Number(pids_limit) > 0)).toEqual([]);
    expect(failing(({ logging }) => JSON.stringify(logging).includes('"max-size":"10m"'))).toEqual([]);
    expect(failing(({ image, read_only }) => read_only === true || /kafka|airflow/.test(image))).toEqual([]);
    const binds = services().flatMap(([, { volumes = [] }]) => volumes.filter(({ type }) => type === 'bind'));
    expect(binds.filter(({ read_only, source }) => read_only !== true || !source.startsWith(ROOT))).toEqual([]);
  });

  it('keeps what is to last in volumes, and DuckDB with the tasks of Airflow alone', () => {
    const holders = (volume: string) =>
      services().flatMap(([name, { volumes = [] }]) => (volumes.some(({ source }) => source === volume) ? [name] : []));
    expect(Object.fromEntries(Object.keys(configuration.volumes).map((volume) => [volume, holders(volume).length]))).toEqual({
      'airflow-auth': 2,
      'airflow-logs': 4,
      'kafka-data': 1,
      'minio-data': 1,
      'postgres-data': 1,
      warehouse: 1,
    });
    expect(holders('warehouse')).toEqual(['airflow-scheduler']);
    expect(
      failing(
        ({ environment = {} }, name) =>
          environment['SPINDLE_POSTGRES_URL'] === undefined || !name.startsWith('airflow') || name === 'airflow-scheduler',
      ),
    ).toEqual([]);
  });

  it('can run as many landers as wanted', () => {
    const { lander } = configuration.services;
    expect(failing((service) => service['container_name'] === undefined)).toEqual([]);
    expect([lander?.ports, lander?.['hostname'], lander?.volumes]).toEqual([undefined, undefined, undefined]);
  });

  it('calls commands that Spindle has', async () => {
    const commands = services().flatMap(([name, { image, command }]) => (image.startsWith('spindle:') ? [{ name, command }] : []));
    expect(commands.map(({ name }) => name)).toEqual(['first-landing', 'lake-init', 'lander', 'producer']);
    for (const { name, command } of commands) await expect(parseCommand(command ?? []), name).resolves.toBeUndefined();
  });
});

describe('the variables', () => {
  it('of the services are those that Spindle and Airflow read', async () => {
    const names = new Set(services().flatMap(([, { environment = {} }]) => Object.keys(environment)));
    const documented = readPages().flatMap(({ text: page }) => page.match(/(?<=`)SPINDLE_\w+(?=`)/g) ?? []);
    expect([...names].filter((name) => /^SPINDLE_(?!DB_)/.test(name) && !documented.includes(name))).toEqual([]);
    const options = [...names].flatMap((name) => /^AIRFLOW__(\w+?)__(\w+)$/.exec(name)?.slice(1).join('.').toLowerCase() ?? []);
    expect(options.length).toBeGreaterThan(10);
    expect(await unknownToAirflow(options)).toEqual([]);
    expect(await unknownToAirflow(['core.executer'])).toEqual(['core.executer']);
  });

  it('are asked for where .env is missing, by name and with the command that makes it', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'spindle-compose-'));
    onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
    writeFileSync(join(empty, '.env'), '');
    await expect(compose(empty, ['config'])).rejects.toThrow(/required variable \w+ is missing a value: run npm run compose:init/);
    for (const name of readEnvFile(join(ROOT, '.env.example')).keys()) {
      const others = [...readEnvFile(join(folder, '.env'))].filter(([other]) => other !== name);
      writeFileSync(join(empty, '.env'), others.map(([other, value]) => `${other}=${value}\n`).join(''));
      if (hasDefault(name)) await expect(compose(empty, ['config', '--quiet'])).resolves.toBe('');
      else
        await expect(compose(empty, ['config']), name).rejects.toThrow(
          `required variable ${name} is missing a value: run npm run compose:init`,
        );
    }
  });

  it('are all in .env.example, which has no other', () => {
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    expect([...readEnvFile(join(ROOT, '.env.example')).keys()].toSorted()).toEqual([...used].toSorted());
    for (const line of readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n')) expect(line).toMatch(/^(#.*|\w+=|)$/);
  });

  it('that are secrets have no default, and no secret is written down', async () => {
    expect(
      [...text.matchAll(/\$\{(\w+)/g)].flatMap(([, name = '']) =>
        isSecret(name) && text.includes(`\${${name}:-`) && !text.includes(`\${${name}:-}`) ? [name] : [],
      ),
    ).toEqual([]);
    // With other values everywhere, nothing that looks like a secret stays as it is.
    const values = Object.fromEntries([...readEnvFile(join(ROOT, '.env.example')).keys()].map((name) => [name, `other-${name}`]));
    const others = await resolveCompose(folder, { ...values, AIRFLOW_PORT: '18080', TASKS_OFFLINE: 'true' });
    const literal = Object.entries(others.services).flatMap(([name, { environment = {} }]) =>
      Object.entries(environment).flatMap(([variable, value]) =>
        isSecret(variable) && !variable.endsWith('_FILE') && !value.includes('other-') ? [`${name}: ${variable}`] : [],
      ),
    );
    expect(literal).toEqual([]);
    for (const word of ['minioadmin', 'airflow:airflow', 'postgres:postgres', 'changeme'])
      expect(JSON.stringify(configuration)).not.toContain(word);
  });
});

describe('the Dockerfiles', () => {
  it('satisfy hadolint, and say why where one of its rules is not for them', async () => {
    expect(await hadolint(...DOCKERFILES.map((file) => join(ROOT, file)))).toBe('');
    for (const file of DOCKERFILES)
      for (const [, before] of readFileSync(join(ROOT, file), 'utf8').matchAll(/^(.*)\n# hadolint ignore=/gm))
        expect(before).toMatch(/^# \w/);
  });

  it('end as a user who is not root, with a pinned base', () => {
    for (const file of DOCKERFILES) {
      const stages = readDockerfile(join(ROOT, file));
      expect(stages.at(-1)?.instructions.findLast(({ name }) => name === 'USER')?.text, file).toMatch(/^[1-9]\d*$/);
      const names = new Set([...stages.flatMap(({ name }) => (name === undefined ? [] : [name])), 'spindle']);
      expect(
        stages.filter(({ from }) => !names.has(from) && !/:\d+\.\d+/.test(from)).map(({ from }) => from),
        file,
      ).toEqual([]);
    }
  });

  it('give nothing of this folder to an image but what they name', () => {
    const [first, ...rules] = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const allowed = rules.flatMap((rule) => (rule.startsWith('!') ? [rule.slice(1)] : []));
    const copied = ['Dockerfile', 'airflow/Dockerfile'].flatMap((file) =>
      readDockerfile(join(ROOT, file)).flatMap(({ instructions }) =>
        instructions.flatMap(({ name, text: of }) =>
          name === 'COPY' && !of.includes('--from=')
            ? of
                .split(' ')
                .filter((word) => !word.startsWith('--'))
                .slice(0, -1)
            : [],
        ),
      ),
    );
    expect(copied.filter((path) => !allowed.some((of) => path === of || path.startsWith(`${of}/`)))).toEqual([]);
    expect(allowed.filter((path) => !copied.some((of) => path === of || of.startsWith(`${path}/`)))).toEqual([]);
  });
});

const isSecret = (name: string): boolean => /PASSWORD|SECRET|KEY|CONN|POSTGRES_URL/.test(name);
const hasDefault = (name: string): boolean => text.includes(`\${${name}:-`);

/** All that has to have started before the service does. */
function startedBefore(name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (of: string) => {
    for (const needed of Object.keys(configuration.services[of]?.depends_on ?? {})) {
      if (found.has(needed)) continue;
      found.add(needed);
      visit(needed);
    }
  };
  visit(name);
  return found;
}

/** Which of the options, as `section.option`, Airflow's own description of its configuration lacks. */
async function unknownToAirflow(options: readonly string[]): Promise<readonly string[]> {
  const program = `
import json, sys
from airflow.configuration import retrieve_configuration_description
known = retrieve_configuration_description()
print(json.dumps([name for name in sys.argv[1:] if name.split('.')[1] not in known.get(name.split('.')[0], {}).get('options', {})]))`;
  const { stdout } = await promisify(execFile)(await airflowPython('3.3'), ['-c', program, ...options]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as readonly string[];
}
