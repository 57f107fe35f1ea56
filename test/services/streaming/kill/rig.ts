import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaServer } from '../../kafka/server.ts';
import type { S3ServerName } from '../../s3/install.ts';
import { startS3, type S3Server } from '../../s3/server.ts';
import { lakeClient, type LakePlace } from './lake-records.ts';
import { openLink, type Link } from './link.ts';

const REPOSITORY = join(import.meta.dirname, '../../../..');
export const SPINDLE = join(REPOSITORY, 'bin/spindle.js');

/** What the generator is told. */
export interface Production {
  readonly seed: number;
  readonly events: number;
  /** Events a second. */
  readonly pace: number;
}

export interface RigOptions extends Production {
  readonly server: S3ServerName;
  /** A disk of its own for the objects, of so many megabytes. */
  readonly megabytes?: number;
  /** False for a bucket that does not exist yet. */
  readonly bucket?: boolean;
}

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A broker and an object store behind links of their own, and a project in a scratch folder that streams from one to the other. */
export interface Rig {
  readonly production: Production;
  readonly folder: string;
  readonly broker: KafkaServer;
  readonly brokerLink: Link;
  readonly store: S3Server;
  readonly storeLink: Link;
  /** Where the chain lies, by the object store's own address. */
  readonly lake: LakePlace;
  /** Of the processes of the project. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command of the project to its end. `apart` keeps the state of its own somewhere else, as on another machine. */
  spindle(args: readonly string[], options?: { readonly apart?: boolean }): Promise<CommandEnd>;
  /** Ends the servers; keeps the folder of the project, for who wants to look, where asked. */
  close(options?: { readonly keep?: boolean }): Promise<void>;
}

export const TOPIC = 'orders';
export const PARTITIONS = 6;

export async function openRig({ server, megabytes, bucket: made = true, ...production }: RigOptions): Promise<Rig> {
  const [brokerLink, storeLink] = await Promise.all([openLink(), openLink()]);
  const [broker, store] = await Promise.all([
    // Clients must stay behind the link: the broker tells them its address.
    startKafka({ properties: { 'advertised.listeners': `PLAINTEXT://${brokerLink.address}` } }),
    startS3({ server, ...(megabytes !== undefined && { megabytes }) }),
  ]);
  brokerLink.lead(broker.port);
  storeLink.lead(store.port);
  const bucket = `lake-${randomBytes(6).toString('hex')}`;
  if (made) await lakeClient(store).makeBucket(bucket);
  const folder = makeProject();
  const env = {
    SPINDLE_ENV: 'services',
    SPINDLE_KAFKA_BROKERS: brokerLink.address,
    ...store.variables,
    SPINDLE_S3_ENDPOINT: `http://${storeLink.address}`,
    SPINDLE_S3_BUCKET: bucket,
  };
  const { endpoint, accessKey, secretKey } = store;
  return {
    production,
    folder,
    broker,
    brokerLink,
    store,
    storeLink,
    env,
    lake: { endpoint, accessKey, secretKey, bucket, prefix: `${TOPIC}/${TOPIC}/i0001/`, topic: TOPIC },
    async spindle(args, { apart = false } = {}) {
      const state = apart ? { SPINDLE_STATE: join(folder, 'apart') } : {};
      const child = spawn(process.execPath, [SPINDLE, ...args], { cwd: folder, env: { ...process.env, ...env, ...state }, stdio: 'pipe' });
      let [output, errors] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.stdin.end();
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output, errors };
    },
    async close({ keep = false } = {}) {
      await Promise.all([broker.remove(), store.stop()]);
      await Promise.all([brokerLink.close(), storeLink.close()]);
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The project as a user has it: a folder of its own, with Spindle among its packages. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-streaming-'));
  cpSync(join(import.meta.dirname, 'project'), join(folder, 'src'), { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'orders', private: true, type: 'module', spindle: { project: 'src/project.ts' } }),
  );
  for (const name of ['node_modules', 'logs']) mkdirSync(join(folder, name));
  symlinkSync(REPOSITORY, join(folder, 'node_modules/spindle'));
  symlinkSync(join(REPOSITORY, 'node_modules/zod'), join(folder, 'node_modules/zod'));
  return folder;
}

/** What a stream of the producer is told. */
export const producerConfig = ({ seed, events, pace }: Production): readonly string[] =>
  Object.entries({ seed, events, pace }).flatMap(([name, value]) => ['--config', `stream/orders.${name}=${value}`]);
