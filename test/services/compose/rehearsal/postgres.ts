import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asItsUser, binaries } from '../../postgres/server.ts';
import type { Instance, Place } from './place.ts';
import type { Told } from './programs.ts';
import { start, type Program } from './running.ts';
import { setTimeout as delay } from 'node:timers/promises';

const DATA = '/var/lib/postgresql/data';
const SCRIPTS = '/docker-entrypoint-initdb.d/';

/** The image makes the cluster and runs its scripts where the volume is empty. */
export async function postgresProgram(instance: Instance, place: Place, { command, env }: Told): Promise<Program> {
  if (command.length > 0) throw new Error('The rehearsal starts Postgres with no arguments but its own.');
  const data = place.translate(DATA, instance);
  const [, port = 0] = [...instance.ports][0] ?? [];
  const settings = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '', fsync: 'off' };
  const [file = '', ...args] = asItsUser([
    join(binaries(), 'postgres'),
    `-D${data}`,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const program: Program = { file, args, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' }, cwd: '/', stopSignal: 'SIGINT' };
  if (!existsSync(join(data, 'PG_VERSION'))) {
    makeCluster(instance, data, env);
    await runScripts(instance, { program, env, port });
  }
  return program;
}

function makeCluster(
  { folder }: Instance,
  data: string,
  { POSTGRES_USER = '', POSTGRES_PASSWORD = '', POSTGRES_INITDB_ARGS = '' }: Told['env'],
): void {
  mkdirSync(data, { recursive: true });
  const password = join(folder, 'tmp/password');
  writeFileSync(password, POSTGRES_PASSWORD);
  if (process.getuid?.() === 0) {
    // Its user has to get there: the folders above are root's.
    for (let above = dirname(data); above !== dirname(above); above = dirname(above))
      if (above.includes('spindle-')) chmodSync(above, 0o755);
    for (const path of [folder, join(folder, 'tmp')]) chmodSync(path, 0o755);
    execFileSync('chown', ['postgres:', data, password]);
  }
  const options = [
    `--username=${POSTGRES_USER}`,
    `--pwfile=${password}`,
    '--no-sync',
    '--encoding=UTF8',
    ...POSTGRES_INITDB_ARGS.split(' '),
  ];
  const [file = '', ...args] = asItsUser([join(binaries(), 'initdb'), ...options, '-D', data]);
  execFileSync(file, args, { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, LC_ALL: 'C.UTF-8' } });
}

async function runScripts(
  instance: Instance,
  { program, env, port }: { readonly program: Program; readonly env: Told['env']; readonly port: number },
): Promise<void> {
  const scripts = (instance.service.volumes ?? []).filter(({ target }) => target.startsWith(SCRIPTS)).map(({ source }) => source);
  const running = start(program, join(instance.folder, 'log'));
  const connection = { PGHOST: '127.0.0.1', PGPORT: String(port), PGPASSWORD: env['POSTGRES_PASSWORD'] ?? '' };
  while (!isReady(port)) {
    if (running.ending() !== undefined) throw new Error(`Postgres ended:\n${running.log()}`);
    await delay(50);
  }
  for (const script of scripts)
    execFileSync(script, { env: { PATH: `${binaries()}:/usr/bin:/bin`, ...env, ...connection }, stdio: ['ignore', 'ignore', 'inherit'] });
  await running.stop(30);
}

function isReady(port: number): boolean {
  try {
    execFileSync(join(binaries(), 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
    return true;
  } catch {
    return false; // that is how it says no
  }
}
