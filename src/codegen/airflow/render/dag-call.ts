import { LONGEST_RETRY_DELAY } from '../../../runtime/run/retry-delay.ts';
import type { Expression } from '../../python/ast.ts';
import { attribute, bool, call, imported, importedModule, list, name, num, record, str, text } from '../../python/build.ts';
import type { DagModel } from '../model.ts';
import { sdk } from './names.ts';
import { REPORT } from './report.ts';
import { scheduleExpression } from './schedule.ts';
import type { TaskParts } from './task.ts';
import { timedelta } from './timedelta.ts';

/** `DAG(…)`, with what its tasks have in common. */
export function dagCall(dag: DagModel, parts: TaskParts): Expression {
  const { at, timezone } = dag.start;
  return call(parts.names.dag, [], {
    dag_id: str(dag.id),
    description: str([...dag.description.replaceAll(/\s+/g, ' ')].slice(0, 250).join('')),
    schedule: scheduleExpression(dag.schedule, parts),
    start_date: call(attribute(importedModule('pendulum'), 'datetime'), at.map(num), { tz: str(timezone) }),
    catchup: bool(dag.catchUp),
    max_active_runs: num(dag.maxActiveRuns),
    dagrun_timeout: dag.timeout === undefined ? undefined : timedelta(dag.timeout),
    tags: list(dag.tags.map(str)),
    deadline: deadlines(dag),
    default_args: record({
      owner: str(dag.owner),
      retries: num(0),
      retry_delay: timedelta(1_000),
      // Of an exponential delay: Airflow leaves a fixed one as it is.
      max_retry_delay: timedelta(LONGEST_RETRY_DELAY),
      trigger_rule: str('none_failed'),
      ...parts.operator.defaults,
      post_execute: parts.reports ? name(REPORT) : undefined,
      on_failure_callback: dag.onFailure === undefined ? undefined : dotted(dag.onFailure),
    }),
    doc_md: text(docstring(dag)),
  });
}

function dotted(path: string): Expression {
  const at = path.lastIndexOf('.');
  return imported(path.slice(0, at), path.slice(at + 1));
}

function deadlines({ deadlines: of }: DagModel): Expression | undefined {
  const alerts = of.map(({ within, assets, callback }) =>
    call(sdk('DeadlineAlert'), [], {
      reference: attribute(sdk('DeadlineReference'), 'DAGRUN_QUEUED_AT'),
      interval: timedelta(within),
      callback: call(sdk('AsyncCallback'), [str(callback)], { kwargs: record({ assets: list(assets.map(str)) }) }),
    }),
  );
  const [first] = alerts;
  return alerts.length <= 1 ? first : list(alerts);
}

/** What the DAG makes, in a line. */
export function docstring({ job, description, tasks }: DagModel): string {
  const made = tasks.reduce((count, task) => count + (task.kind === 'check' ? 0 : task.keys.length), 0);
  return `The job ${JSON.stringify(job)}: ${made} ${made === 1 ? 'asset' : 'assets'} (${description.replaceAll(/\s+/g, ' ')}).`;
}
