import { SpindleError } from '../../runtime/errors.ts';

/** USAGE where a task of Airflow is given a partition by an option: the DAG run says which. */
export function refusePartition(partition: string | undefined): void {
  if (partition === undefined) return;
  throw new SpindleError('USAGE', 'With --airflow the DAG run says which partitions are meant, and not --partition.', {
    field: '--partition',
    remedy: 'Leave --partition out, and set SPINDLE_AIRFLOW_PARTITION; or leave --airflow out.',
  });
}
