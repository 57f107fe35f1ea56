import type { AirflowTarget } from '../../../runtime/declare/airflow.ts';
import type { Expression, Statement } from '../../python/ast.ts';
import { call, functionDef, imported, importFrom, name, parameter, returns, tryImport } from '../../python/build.ts';

/** What a DAG file uses of Airflow. On 2.9 a name that moved since is looked for in both places, so that one file loads on all versions from 2.9 on. */
export interface AirflowNames {
  readonly dag: Expression;
  /** `Dataset` on Airflow 2. */
  readonly asset: Expression;
  readonly taskGroup: Expression;
  readonly bashOperator: Expression;
  readonly emptyOperator: Expression;
  readonly cronDataInterval: Expression;
  readonly assetOrTime: Expression;
  /** What defines it, where it is not just imported. */
  readonly assetOrTimeImport: readonly Statement[];
}

export function airflowNames(target: AirflowTarget): AirflowNames {
  switch (target) {
    case '3.3':
      return {
        dag: sdk('DAG'),
        asset: sdk('Asset'),
        taskGroup: sdk('TaskGroup'),
        bashOperator: imported('airflow.providers.standard.operators.bash', 'BashOperator'),
        emptyOperator: imported('airflow.providers.standard.operators.empty', 'EmptyOperator'),
        cronDataInterval: sdk('CronDataIntervalTimetable'),
        assetOrTime: sdk('AssetOrTimeSchedule'),
        assetOrTimeImport: [],
      };
    case '2.9':
      return {
        dag: sdk('DAG', 'airflow.models.dag', 'DAG'),
        asset: sdk('Asset', 'airflow.datasets', 'Dataset'),
        taskGroup: sdk('TaskGroup', 'airflow.utils.task_group', 'TaskGroup'),
        bashOperator: moved('airflow.providers.standard.operators.bash', 'airflow.operators.bash', 'BashOperator'),
        emptyOperator: moved('airflow.providers.standard.operators.empty', 'airflow.operators.empty', 'EmptyOperator'),
        cronDataInterval: imported('airflow.timetables.interval', 'CronDataIntervalTimetable'),
        assetOrTime: name('AssetOrTimeSchedule'),
        assetOrTimeImport: [datasetOrTime],
      };
  }
}

/** Of Airflow's public interface since version 3. */
export function sdk(name: string, before?: string, was?: string): Expression {
  return imported('airflow.sdk', name, before === undefined || was === undefined ? undefined : { module: before, name: was });
}

const moved = (module: string, before: string, name: string): Expression => imported(module, name, { module: before, name });

/** Of Airflow 2, whose arguments have other names as well. */
const datasetOrTime: Statement = tryImport(
  [importFrom('airflow.sdk', ['AssetOrTimeSchedule'])],
  [
    importFrom('airflow.timetables.datasets', ['DatasetOrTimeSchedule']),
    functionDef('AssetOrTimeSchedule', [parameter('timetable'), parameter('assets')], {
      body: [returns(call(name('DatasetOrTimeSchedule'), [], { timetable: name('timetable'), datasets: name('assets') }))],
    }),
  ],
);
