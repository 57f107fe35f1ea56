import type { Expression, Statement } from '../../python/ast.ts';
import {
  assign,
  call,
  importedModule,
  imported,
  list,
  name,
  num,
  record,
  str,
  text,
  attribute,
  binary,
  expression,
  subscript,
} from '../../python/build.ts';
import { entryOf, type CheckTask, type CosmosTask, type MaterializeTask, type TaskModel } from '../model.ts';
import { argumentsOf } from './arguments.ts';
import type { AirflowNames } from './names.ts';
import type { OperatorParts } from './operator-parts.ts';
import { timedelta } from './timedelta.ts';

export interface TaskParts {
  readonly names: AirflowNames;
  readonly operator: OperatorParts;
  /** 2.0 of Airflow 3 is what True was before. */
  readonly backoff: Expression;
  /** Whether tasks hand over to asset events what they report. */
  readonly reports: boolean;
  variable(task: string): string;
  asset(key: string): Expression;
}

/** What declares a task. */
export function taskStatements(task: TaskModel, parts: TaskParts): readonly Statement[] {
  return task.kind === 'cosmos' ? cosmosStatements(task, parts) : [assign(parts.variable(task.id), spindleTask(task, parts))];
}

function spindleTask(task: MaterializeTask | CheckTask, parts: TaskParts): Expression {
  const made = call(parts.operator.operator, [], {
    task_id: str(task.id),
    ...parts.operator.own(argumentsOf(task)),
    ...common(task, parts),
    inlets: assets(task.inlets, parts),
    outlets: assets(task.outlets, parts),
  });
  return parts.operator.applied?.(made) ?? made;
}

/** What a task says where it differs from the DAG's `default_args`. */
function common(
  { owners, retry, timeout, pool, docs }: TaskModel,
  { backoff }: TaskParts,
): Readonly<Record<string, Expression | undefined>> {
  return {
    owner: owners.length === 0 ? undefined : str(owners.join(', ')),
    doc_md: text(docs),
    pool: pool === undefined ? undefined : str(pool),
    ...(retry.retries > 0 && {
      retries: num(retry.retries),
      retry_delay: timedelta(retry.delay),
      retry_exponential_backoff: retry.exponential ? backoff : undefined,
    }),
    execution_timeout: timeout === undefined ? undefined : timedelta(timeout),
  };
}

const assets = (keys: readonly string[], { asset }: TaskParts): Expression | undefined =>
  keys.length === 0 ? undefined : list(keys.map(asset));

const ENVIRON = attribute(importedModule('os'), 'environ');
const PROJECT_DIR = subscript(ENVIRON, str('SPINDLE_PROJECT_DIR'));
const cosmos = (of: string): Expression => imported('cosmos', of);

/** The models as tasks of astronomer-cosmos, and behind them one that tells that they are made. */
function cosmosStatements(task: CosmosTask, parts: TaskParts): readonly Statement[] {
  const inProject = (path: string) => binary('+', [PROJECT_DIR, str(`/${path}`)]);
  const group = entryOf(task);
  const groupVariable = parts.variable(group);
  return [
    assign(
      groupVariable,
      call(cosmos('DbtTaskGroup'), [], {
        group_id: str(group),
        project_config: call(cosmos('ProjectConfig'), [], {
          dbt_project_path: inProject(task.dir),
          manifest_path: inProject(`${task.dir}/manifest.json`),
          project_name: str(task.project),
        }),
        profile_config: call(cosmos('ProfileConfig'), [], {
          profile_name: str(task.project),
          target_name: call(attribute(ENVIRON, 'get'), [str('SPINDLE_DBT_TARGET'), str('duckdb')]),
          profiles_yml_filepath: inProject(`${task.dir}/profiles.yml`),
        }),
        render_config: call(cosmos('RenderConfig'), [], {
          load_method: attribute(cosmos('LoadMode'), 'DBT_MANIFEST'),
          select: list(task.select.map((fqn) => str(fqn.split('.').at(-1) ?? fqn))),
          // A committed manifest need not tell of each test: dbt finds them itself.
          test_behavior: attribute(imported('cosmos.constants', 'TestBehavior'), 'BUILD'),
        }),
        execution_config: call(cosmos('ExecutionConfig'), [], {
          test_indirect_selection: attribute(imported('cosmos.constants', 'TestIndirectSelection'), 'BUILDABLE'),
        }),
        operator_args: task.pool === undefined ? undefined : record({ pool: str(task.pool) }),
      }),
    ),
    assign(
      parts.variable(task.id),
      call(parts.names.emptyOperator, [], {
        task_id: str(task.id),
        owner: task.owners.length === 0 ? undefined : str(task.owners.join(', ')),
        doc_md: text(task.docs),
        inlets: assets(task.inlets, parts),
        outlets: assets(task.outlets, parts),
      }),
    ),
    expression(binary('>>', [name(groupVariable), name(parts.variable(task.id))])),
  ];
}
