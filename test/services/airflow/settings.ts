/** Three free ports of 127.0.0.1. */
export interface AirflowPorts {
  readonly api: number;
  readonly workerLogs: number;
  readonly triggerLogs: number;
}

export interface AirflowPlace {
  readonly home: string;
  readonly dagsFolder: string;
  readonly ports: AirflowPorts;
  /** How many tasks may run at once. */
  readonly parallelism: number;
}

/** What an Airflow of four components on one host needs to be told: SQLite, LocalExecutor, no passwords, and intervals of seconds where the defaults are minutes. */
export function airflowSettings({ home, dagsFolder, ports, parallelism }: AirflowPlace): Readonly<Record<string, string>> {
  const url = `http://127.0.0.1:${ports.api}`;
  return {
    AIRFLOW_HOME: home,
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(ports.api),
    AIRFLOW__API__SECRET_KEY: 'of these tests',
    AIRFLOW__API__WORKERS: '1',
    // Without it each component that starts first would write a secret of its own.
    AIRFLOW__API_AUTH__JWT_SECRET: 'one secret of these tests for all four components of the one Airflow',
    // Otherwise a file that lacks the words "dag" and "airflow" goes unseen, however broken it is.
    AIRFLOW__CORE__DAG_DISCOVERY_SAFE_MODE: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: dagsFolder,
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__PARALLELISM: String(parallelism),
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__COSMOS__ENABLE_TELEMETRY: 'False',
    AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: '1',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '60',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '1',
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(ports.workerLogs),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(ports.triggerLogs),
    AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME: '0.2',
    // How soon a task notices that it was cleared or marked failed.
    AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
