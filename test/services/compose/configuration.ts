import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerCompose } from './tools.ts';

const run = promisify(execFile);

export const ROOT = join(import.meta.dirname, '../../..');
export const COMPOSE_FILE = join(ROOT, 'docker-compose.yml');

export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** A service as `docker compose config` resolves it: the keys that tests read. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly start_period: string;
  };
  readonly volumes?: readonly {
    readonly type: 'volume' | 'bind';
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
  readonly networks: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number; readonly published: string }[];
  readonly restart: string;
  readonly stop_grace_period?: string;
  readonly [key: string]: unknown;
}

export interface ComposeConfiguration {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** Calls `docker compose` on the repository's file with no variables but the given ones and those of the `.env` in the folder. */
export async function compose(folder: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = await dockerCompose();
  // Paths are resolved against the repository, `.env` is taken from the folder.
  const options = ['--project-directory', ROOT, '--env-file', join(folder, '.env'), '--file', COMPOSE_FILE];
  const { stdout } = await run(program, [...options, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...variables },
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** What the file resolves to with the `.env` of the folder. */
export const resolveCompose = async (folder: string, variables: Readonly<Record<string, string>> = {}): Promise<ComposeConfiguration> =>
  JSON.parse(await compose(folder, ['config', '--format', 'json'], variables)) as ComposeConfiguration;

/** A folder with the `.env` that `npm run compose:init` writes; to be removed by who asked for it. */
export async function initializedFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'spindle-compose-'));
  await run(process.execPath, [join(ROOT, 'scripts/compose-init.mjs')], { cwd: folder });
  return folder;
}

/** The variables of a `.env`. */
export function readEnvFile(path: string): ReadonlyMap<string, string> {
  return new Map([...readFileSync(path, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

/** Whether the service runs to its end. Others are started again whenever they end. */
export const isJob = ({ restart }: Pick<ComposeService, 'restart'>): boolean => restart !== 'unless-stopped';

/** Seconds of a duration as Compose writes it, such as `1m30s`. */
export function seconds(duration: string): number {
  const units = { h: 3600, m: 60, s: 1 } as const;
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
}
