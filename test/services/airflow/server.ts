import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../free-port.ts';
import { airflowPython } from './environments.ts';
import { type AirflowPorts, airflowSettings } from './settings.ts';

export interface AirflowServerOptions {
  /** Absolute; files that come or change are seen within seconds. */
  readonly dagsFolder: string;
  /** Beside this process's environment, for all components and so for all tasks. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** How many tasks may run at once; the first task of each slot takes some seconds more. */
  readonly parallelism?: number | undefined;
}

/** The processes of an Airflow. They end with this process, however it ends. */
export interface AirflowServer {
  readonly url: string;
  readonly python: string;
  /** Removed by `stop`. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What ended of itself, undefined while all is well. */
  failure(): string | undefined;
  /** The last lines of each component's log. */
  logs(lines?: number): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Airflow's processes in a new home; they are not ready yet. */
export async function startServer({ dagsFolder, env = {}, parallelism = 4 }: AirflowServerOptions): Promise<AirflowServer> {
  const [python, home, ports] = await Promise.all([airflowPython('3.3'), mkdtemp(join(tmpdir(), 'spindle-airflow-')), airflowPorts()]);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AIRFLOW'));
  const environment = { ...Object.fromEntries(inherited), ...airflowSettings({ home, dagsFolder, ports, parallelism }), ...env };

  const child = spawn(python, [fileURLToPath(new URL('airflow-server.py', import.meta.url))], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C for this process is not for Airflow, which ends when stdin does.
    detached: true,
  });
  let said = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error) => (said += String(error)));
    child.once('close', () => {
      ended = true;
      resolve();
    });
  });

  return {
    url: `http://127.0.0.1:${ports.api}`,
    python,
    home,
    environment,
    failure: () => (said !== '' ? said : ended ? 'airflow-server.py ended' : undefined),
    logs: (lines = 15) => tails(home, lines),
    async stop() {
      child.stdin.end();
      await closed;
    },
  };
}

async function airflowPorts(): Promise<AirflowPorts> {
  const [api = 0, workerLogs = 0, triggerLogs = 0] = await freePorts(3);
  return { api, workerLogs, triggerLogs };
}

async function tails(home: string, lines: number): Promise<string> {
  const names = await readdir(home).catch(() => []);
  const parts = names
    .filter((name) => name.endsWith('.log'))
    .map(async (name) => {
      const text = await readFile(join(home, name), 'utf8').catch(() => '');
      return `--- ${name}\n${text.trimEnd().split('\n').slice(-lines).join('\n')}`;
    });
  return (await Promise.all(parts)).join('\n');
}
