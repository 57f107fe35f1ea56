import { fileURLToPath } from 'node:url';
import { ensureEnvironment } from '../../python-environment.ts';

/** `3.3-operators` has the Docker and Kubernetes providers, Cosmos and what speaks to Postgres beside Airflow 3.3.2. */
export type AirflowEnvironment = '3.3' | '3.3-operators' | '2.9';

/** The interpreter of an environment with this Airflow, made on first use from its lock. */
export const airflowPython = (environment: AirflowEnvironment): Promise<string> =>
  ensureEnvironment(`airflow-${environment}`, fileURLToPath(new URL(`requirements-${environment}.txt`, import.meta.url)));
