import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AirflowApi, createApi } from './api.ts';
import { createRest } from './rest.ts';
import { type AirflowServerOptions, startServer } from './server.ts';
import { createUntil } from './until.ts';

/** A running Airflow 3.3: API server, scheduler, DAG processor and triggerer on one SQLite database, tasks in this host's processes. */
export interface Airflow extends AirflowApi {
  readonly url: string;
  readonly home: string;
  /** The last lines of each component's log. */
  logs(lines?: number): Promise<string>;
  /** `airflow pools import`. */
  importPools(file: string): Promise<void>;
  /** Ends every process and removes the home. */
  stop(): Promise<void>;
}

const COMPONENTS = ['metadatabase', 'scheduler', 'triggerer', 'dag_processor'];
const START_SECONDS = 180;

/** Starts an Airflow and resolves once all of its components are healthy. */
export async function startAirflow(options: AirflowServerOptions): Promise<Airflow> {
  const server = await startServer(options);
  const until = createUntil(() => server.failure(), server.logs);
  try {
    await until('a healthy Airflow', async () => ((await isHealthy(server.url)) ? true : undefined), START_SECONDS);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    ...createApi(createRest(server.url), until),
    url: server.url,
    home: server.home,
    logs: server.logs,
    async importPools(file) {
      await promisify(execFile)(server.python, ['-m', 'airflow', 'pools', 'import', file], { env: server.environment });
    },
    stop: server.stop,
  };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/v2/monitor/health`);
    const health = (await answer.json()) as Readonly<Record<string, { readonly status: string | null }>>;
    return COMPONENTS.every((component) => health[component]?.status === 'healthy');
  } catch {
    return false; // not listening yet
  }
}
