import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { installKafka } from '../../kafka/install.ts';
import { installS3 } from '../../s3/install.ts';
import { airflowPython } from '../../airflow/environments.ts';
import { ROOT } from '../configuration.ts';
import { readDockerfile, variablesOf } from '../dockerfile.ts';
import { kindOf } from './kinds.ts';
import type { Instance, Place } from './place.ts';
import { postgresProgram } from './postgres.ts';
import type { Program } from './running.ts';

/** Of an instance, translated. */
export interface Told {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function toldOf(instance: Instance, place: Place): Told {
  const { command, environment = {} } = instance.service;
  return {
    command: (command ?? []).map((word) => place.translate(word, instance)),
    env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, place.translate(value, instance)])),
  };
}

/** The program that the image of the service would start, with what its image does before that done. */
export async function programOf(instance: Instance, place: Place): Promise<Program> {
  const told = toldOf(instance, place);
  switch (kindOf(instance.name, instance.service)) {
    case 'kafka':
      return kafka(instance, told);
    case 'minio':
      return { file: await installS3('minio'), args: told.command, env: { PATH: '', ...told.env }, cwd: instance.folder };
    case 'postgres':
      return postgresProgram(instance, place, told);
    case 'spindle':
      return {
        file: process.execPath,
        args: [place.translate('/opt/spindle/bin/spindle.js', instance), ...told.command],
        ...(await inImage(instance, place, told)),
      };
    case 'airflow':
      return airflow(instance, place, told);
  }
}

/** The working folder and the environment of a program in Spindle's image, or in that of Airflow. */
export async function inImage(instance: Instance, place: Place, { env }: Pick<Told, 'env'>): Promise<Pick<Program, 'cwd' | 'env'>> {
  const kind = kindOf(instance.name, instance.service);
  const ofImage = variablesOf(readDockerfile(join(ROOT, kind === 'airflow' ? 'airflow/Dockerfile' : 'Dockerfile')));
  const python = kind === 'airflow' ? [dirname(await airflowPython('3.3-operators'))] : [];
  return {
    cwd: place.translate('/opt/spindle', instance),
    env: {
      PATH: [...python, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: instance.folder,
      TMPDIR: join(instance.folder, 'tmp'),
      LANG: 'C.UTF-8',
      ...Object.fromEntries(Object.entries(ofImage).map(([name, value]) => [name, place.translate(value, instance)])),
      ...env,
    },
  };
}

/** The image makes properties of the variables that begin with KAFKA_, and formats the folder of the log where it is empty. */
async function kafka({ folder }: Instance, { env }: Told): Promise<Program> {
  const libs = await installKafka('4.1.1');
  const { CLUSTER_ID = '', KAFKA_HEAP_OPTS = '', ...settings } = env;
  const properties = Object.entries(settings).map(
    ([name, value]) => `${name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.')}=${value}\n`,
  );
  const path = join(folder, 'kafka.properties');
  writeFileSync(path, properties.join(''));
  const jvm = [
    ...KAFKA_HEAP_OPTS.split(' '),
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  ];
  const java = (main: string, ...args: readonly string[]) => [...jvm, '-cp', `${libs}/*`, main, ...args];
  if (!existsSync(join(settings['KAFKA_LOG_DIRS'] ?? '', 'meta.properties')))
    execFileSync('java', java('kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', path), { stdio: 'ignore' });
  return { file: 'java', args: java('kafka.Kafka', path), env: { PATH: process.env['PATH'] ?? '' }, cwd: folder };
}

/** The entry point calls `airflow`, unless it is told to call bash. */
async function airflow(instance: Instance, place: Place, told: Told): Promise<Program> {
  const { cwd, env } = await inImage(instance, place, told);
  const home = place.translate('/opt/airflow', instance);
  mkdirSync(home, { recursive: true });
  const logs = place.translate('/opt/airflow/logs', instance);
  if (!logs.startsWith(home) && !existsSync(join(home, 'logs'))) symlinkSync(logs, join(home, 'logs'));
  const [first = '', ...rest] = told.command;
  return {
    ...(first === 'bash'
      ? { file: 'bash', args: rest }
      : { file: join(dirname(await airflowPython('3.3-operators')), 'airflow'), args: told.command }),
    cwd,
    env: { ...env, AIRFLOW_HOME: home, ...apart(instance) },
  };
}

/** A container has all ports to itself, and may not write where the DAGs are; here the components share the ports of one machine, and answer it alone. */
function apart({ ports }: Instance): Readonly<Record<string, string>> {
  const variables: Readonly<Record<number, string>> = {
    8080: 'AIRFLOW__API__PORT',
    8974: 'AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT',
    8793: 'AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT',
    8794: 'AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT',
  };
  const set = [...ports].map(([inside, outside]) => [variables[inside] ?? '', String(outside)] as const);
  return {
    ...Object.fromEntries(set),
    PYTHONDONTWRITEBYTECODE: '1',
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST: '127.0.0.1',
  };
}
