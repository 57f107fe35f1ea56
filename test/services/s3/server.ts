import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { installS3, type S3ServerName } from './install.ts';

export type { S3ServerName } from './install.ts';

/** Both servers, or those that SPINDLE_TEST_S3 names, comma-separated. */
export const S3_SERVERS = (process.env['SPINDLE_TEST_S3'] ?? 'versitygw,minio').split(',') as readonly S3ServerName[];

export interface S3Options {
  readonly server?: S3ServerName;
  /** Where the data lies; a temporary folder, removed in the end, unless given. */
  readonly folder?: string;
  /** Speaks TLS only, with a certificate of its own for 127.0.0.1. */
  readonly tls?: boolean;
  /** False for a server that does not know of versions: versitygw only. */
  readonly versioning?: boolean;
  /** The domain whose subdomains are buckets. */
  readonly domain?: string;
  /** Keeps the data in a file system in memory of this size, which ends with the server; needs the right to mount one, as root has it. */
  readonly megabytes?: number;
}

export interface S3Server {
  readonly server: S3ServerName;
  readonly endpoint: string;
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
  /** The certificate of a server that speaks TLS. */
  readonly certificate: string;
  /** What the environment of a process needs to use it, but for the bucket. */
  readonly variables: Readonly<Record<string, string>>;
  /** Makes a user without any right of its own: versitygw only. */
  createUser(): Promise<{ readonly accessKey: string; readonly secretKey: string }>;
  /** Makes room where it was started with so many `megabytes`. */
  grow(megabytes: number): void;
  readonly process: ChildProcess;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  restart(): Promise<void>;
}

interface Installation {
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly options: S3Options;
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function commandOf(server: S3ServerName, { folder, port, options, accessKey, secretKey }: Installation): Command {
  const { tls = false, versioning = true, domain } = options;
  switch (server) {
    case 'versitygw':
      return {
        args: [
          '--port',
          `127.0.0.1:${port}`,
          '--quiet',
          '--keep-alive',
          '--iam-dir',
          join(folder, 'users'),
          '--iam-cache-disable',
          ...(tls ? ['--cert', join(folder, 'public.crt'), '--key', join(folder, 'private.key')] : []),
          ...(domain === undefined ? [] : ['--virtual-domain', domain]),
          'posix',
          ...(versioning ? ['--versioning-dir', join(folder, 'versions')] : []),
          join(folder, 'data'),
        ],
        env: { ROOT_ACCESS_KEY_ID: accessKey, ROOT_SECRET_ACCESS_KEY: secretKey },
      };
    case 'minio':
      return {
        args: ['server', '--quiet', '--address', `127.0.0.1:${port}`, ...(tls ? ['--certs-dir', folder] : []), join(folder, 'data')],
        env: {
          MINIO_ROOT_USER: accessKey,
          MINIO_ROOT_PASSWORD: secretKey,
          MINIO_BROWSER: 'off',
          MINIO_UPDATE: 'off',
          ...(domain !== undefined && { MINIO_DOMAIN: domain }),
        },
      };
  }
}

function makeCertificate(folder: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', join(folder, 'private.key'), '-out', join(folder, 'public.crt')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], { stdio: 'ignore' });
}

/** Mounts a small file system over the folder that only the program sees. */
const SMALL = 'mount -t tmpfs -o "size=$1m" none "$2" && mkdir "$2/data" "$2/versions" "$2/users" && shift 2 && exec "$@"';

function inSmallFolder(megabytes: number, folder: string): readonly string[] {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return ['unshare', '--mount', ...asUser, 'sh', '-c', SMALL, 'sh', String(megabytes), folder];
}

/** Starts the program; resolves when it answers. */
async function launch({ args, env }: Command, { program, folder, port, options }: Installation): Promise<ChildProcess> {
  const wrapper = options.megabytes === undefined ? [] : inSmallFolder(options.megabytes, folder);
  const [file = program, ...rest] = [...wrapper, program, ...args];
  const child = spawn(file, rest, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)));
  const die = () => child.kill('SIGKILL');
  process.once('exit', die);
  child.once('exit', () => process.off('exit', die));
  while (!(await answers(port, options.tls ?? false))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${program} ended:\n${log}`);
    await sleep(10);
  }
  return child;
}

async function answers(port: number, tls: boolean): Promise<boolean> {
  const { request } = tls ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const outgoing = request({ host: '127.0.0.1', port, agent: false, rejectUnauthorized: false }, (response) => {
      response.resume();
      // 503: it is still starting
      resolve(response.statusCode !== 503);
    });
    outgoing.on('error', () => resolve(false)).end();
  });
}

/** A real S3 server on a port of its own, with credentials of its own. The first start of each kind builds it. */
export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const { server = 'versitygw', tls = false } = options;
  const program = await installS3(server);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), `spindle-${server}-`));
  for (const name of ['data', 'versions', 'users']) mkdirSync(join(folder, name), { recursive: true });
  if (tls) makeCertificate(folder);
  const [accessKey, secretKey] = [`spindle${randomBytes(6).toString('hex')}`, randomBytes(20).toString('hex')];
  const port = await freePort();
  const installation = { program, folder, port, options, accessKey, secretKey };
  const command = commandOf(server, installation);
  let child = await launch(command, installation);

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const endpoint = `${tls ? 'https' : 'http'}://${options.domain ?? '127.0.0.1'}:${port}`;
  const certificate = join(folder, 'public.crt');
  return {
    server,
    endpoint,
    port,
    accessKey,
    secretKey,
    certificate,
    variables: {
      SPINDLE_S3_ENDPOINT: endpoint,
      SPINDLE_S3_ACCESS_KEY: accessKey,
      SPINDLE_S3_SECRET_KEY: secretKey,
      ...(tls && { SPINDLE_S3_CA: certificate }),
    },
    async createUser() {
      const user = { accessKey: `user${randomBytes(6).toString('hex')}`, secretKey: randomBytes(20).toString('hex') };
      const admin = ['admin', '--access', accessKey, '--secret', secretKey, '--endpoint-url', endpoint];
      execFileSync(program, [...admin, 'create-user', '--access', user.accessKey, '--secret', user.secretKey, '--role', 'user']);
      return user;
    },
    grow(megabytes) {
      const asUser = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
      const inside = ['--target', String(child.pid), '--mount', ...asUser];
      execFileSync('nsenter', [...inside, 'mount', '-o', `remount,size=${megabytes}m`, folder]);
    },
    get process() {
      return child;
    },
    async stop() {
      await end('SIGTERM');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL');
      child = await launch(command, installation);
    },
  };
}
