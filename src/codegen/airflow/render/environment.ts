import type { Expression } from '../../python/ast.ts';
import { record, str } from '../../python/build.ts';
import { jinjaLiteral } from '../../jinja-literal.ts';
import type { DagModel } from '../model.ts';
import type { ExportSettings } from '../settings.ts';
import { kubernetesLiteral } from './operator.ts';

/** What a task tells Spindle of its run. Airflow's templates are strict, and what an asset-triggered or a partitioned run does not have is not defined in them. */
export function environmentExpression({ windows, partitions }: DagModel, { environment, operator }: ExportSettings): Expression {
  const inPod = operator === 'kubernetes';
  const instant = (name: string) => str(`{% if ${name} is defined and ${name} %}{{ ${name}.isoformat() }}{% endif %}`);
  return record({
    SPINDLE_ENV: str(jinjaLiteral(inPod ? kubernetesLiteral(environment) : environment)),
    SPINDLE_AIRFLOW_DAG_ID: str('{{ dag.dag_id }}'),
    SPINDLE_AIRFLOW_RUN_ID: str('{{ run_id }}'),
    SPINDLE_AIRFLOW_TASK_ID: str('{{ task.task_id }}'),
    SPINDLE_AIRFLOW_MAP_INDEX: str('{{ ti.map_index }}'),
    SPINDLE_AIRFLOW_TRY_NUMBER: str('{{ ti.try_number }}'),
    SPINDLE_AIRFLOW_MAX_TRIES: str('{{ ti.max_tries }}'),
    SPINDLE_AIRFLOW_PARTITION: partitions
      ? str(`{{ ${inPod ? "(partition_key or '') | replace('$', '$$')" : "partition_key or ''"} }}`)
      : undefined,
    SPINDLE_AIRFLOW_WINDOW_START: windows ? instant('data_interval_start') : undefined,
    SPINDLE_AIRFLOW_WINDOW_END: windows ? instant('data_interval_end') : undefined,
    // Where the sidecar of the pod picks the result up.
    SPINDLE_AIRFLOW_XCOM_FILE: inPod ? str('/airflow/xcom/return.json') : undefined,
  });
}
