import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { freePort } from '../free-port.ts';

const PASSWORD = 'correct-horse';
const DEBIAN = '/usr/lib/postgresql';

export interface PostgresServer {
  readonly password: string;
  /** Of a database; `user` and `password` are the superuser's unless given. */
  url(options?: { readonly database?: string; readonly password?: string; readonly query?: string }): string;
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Runs statements as superuser in the database of the URL. */
  query<Row>(url: string, sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Lets it speak TLS with a certificate of its own, whose path is given. */
  useTls(): Promise<{ readonly certificate: string }>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The folder of `initdb` and `postgres`: Debian's newest, else the one on the PATH. */
export function binaries(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found !== undefined) return found;
  throw new Error('These tests need PostgreSQL. Install it with: apt-get install postgresql');
}

/** Postgres refuses to run as root: root runs it as the user that the package made. */
export const asItsUser = (command: readonly string[]): readonly string[] =>
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', ...command] : command;

/** A Postgres server of its own for the tests of a file, in a temporary folder. */
export function postgresServer(): PostgresServer {
  let folder = '';
  let port = 0;
  let running: ReturnType<typeof spawn> | undefined;

  function initialize(): void {
    folder = mkdtempSync(join(tmpdir(), 'spindle-postgres-'));
    writeFileSync(join(folder, 'password'), PASSWORD);
    chmodSync(join(folder, 'password'), 0o644);
    if (process.getuid?.() === 0) execFileSync('chown', ['postgres:', folder]);
    const options = ['--username=spindle', '--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`, '--encoding=UTF8', '--no-sync'];
    const [program = '', ...args] = asItsUser([join(binaries(), 'initdb'), ...options, '-D', join(folder, 'data')]);
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  }

  const url: PostgresServer['url'] = ({ database = 'postgres', password = PASSWORD, query = '' } = {}) =>
    `postgresql://spindle:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}${query}`;

  const server: PostgresServer = {
    password: PASSWORD,
    url,
    async createDatabase() {
      const database = `test_${randomUUID().replaceAll('-', '')}`;
      await server.query(url(), `create database ${database}`);
      return url({ database });
    },
    async query<Row>(at: string, sql: string, values: readonly unknown[] = []) {
      const client = new Client({ connectionString: at });
      await client.connect();
      try {
        return (await client.query(sql, [...values])).rows as Row[];
      } finally {
        await client.end();
      }
    },
    async useTls() {
      const [key, certificate] = ['server.key', 'server.crt'].map((name) => join(folder, 'data', name)) as [string, string];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const options = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', certificate];
      const [program = '', ...args] = asItsUser(['openssl', 'req', ...options]);
      execFileSync(program, args, { stdio: 'ignore', cwd: folder });
      await server.query(url(), 'alter system set ssl = on');
      await server.query(url(), 'select pg_reload_conf()');
      return { certificate };
    },
    async start() {
      const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', fsync: 'off' };
      const [program = '', ...args] = asItsUser([
        join(binaries(), 'postgres'),
        '-D',
        join(folder, 'data'),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]);
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      running = child;
      let log = '';
      await new Promise<void>((resolve, reject) => {
        child.on('exit', () => reject(new Error(`Postgres ended:\n${log}`)));
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          log += text;
          if (log.includes('ready to accept connections')) resolve();
        });
      });
    },
    async stop() {
      if (running === undefined) return;
      const ended = once(running, 'exit');
      running.kill('SIGINT'); // ends all sessions and then itself
      await ended;
      running = undefined;
    },
  };

  beforeAll(async () => {
    port = await freePort();
    initialize();
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  return server;
}
