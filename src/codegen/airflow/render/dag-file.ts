import type { Expression, Statement } from '../../python/ast.ts';
import {
  assign,
  binary,
  blank,
  bool,
  call,
  comment,
  expression,
  float,
  list,
  name,
  pythonModule,
  str,
  withBlock,
  withItem,
} from '../../python/build.ts';
import { printModule } from '../../python/print.ts';
import { entryOf, type DagModel } from '../model.ts';
import { assetNameOf, assetUriOf } from '../name.ts';
import type { ExportSettings } from '../settings.ts';
import { dagCall, docstring } from './dag-call.ts';
import { environmentExpression } from './environment.ts';
import { airflowNames } from './names.ts';
import { STUB_NAMES } from './native-stub.ts';
import { operatorParts } from './operator.ts';
import { reportFunction } from './report.ts';
import { taskStatements, type TaskParts } from './task.ts';
import { assetKeys, variablesOf } from './variables.ts';

/** A DAG as a Python file, without its header. Pure: equal models give equal bytes. */
export function dagFile(project: string, dag: DagModel, settings: ExportSettings): string {
  const names = airflowNames(settings.target);
  const keys = assetKeys(dag);
  const variables = variablesOf(dag, keys, settings.nativeTasks ? STUB_NAMES : []);
  const asset = (key: string): Expression => name(variables.assets.get(key)!);
  // A dataset of Airflow 2 has no name.
  const assetCall = (key: string): Expression => {
    const uri = str(assetUriOf(project, key));
    return settings.target === '3.3' ? call(names.asset, [], { name: str(assetNameOf(project, key)), uri }) : call(names.asset, [uri]);
  };
  const operator = operatorParts(dag, { settings, names, environment: environmentExpression(dag, settings) });
  const reports = settings.target === '3.3' && !settings.nativeTasks && dag.tasks.some(({ outlets }) => outlets.length > 0);
  const parts: TaskParts = {
    names,
    operator,
    asset,
    reports,
    backoff: settings.target === '3.3' ? float(2) : bool(true),
    variable: (task) => variables.tasks.get(task)!,
  };
  const body: readonly Statement[] = [
    ...(dag.schedule.kind === 'assets-or-time' ? names.assetOrTimeImport : []),
    ...operator.constants.flatMap(({ name: of, value, comment: why }) => [comment(why), assign(of, value), blank]),
    ...(operator.before ?? []),
    ...(keys.length === 0 ? [] : [comment('Assets of Spindle, by which DAGs wait for each other.')]),
    ...keys.map((key) => assign(variables.assets.get(key)!, assetCall(key))),
    ...(reports ? [reportFunction(assetNameOf(project, ''))] : []),
    withBlock([withItem(dagCall(dag, parts), 'dag')], [...tasksInGroups(dag, parts), ...edges(dag, parts)]),
  ];
  return printModule(pythonModule(body, { docstring: docstring(dag) }));
}

/** Tasks of a group together, where the first of them stands. */
function tasksInGroups({ tasks }: DagModel, parts: TaskParts): readonly Statement[] {
  const done = new Set<string>();
  return tasks.flatMap((task): readonly Statement[] => {
    const { group } = task;
    if (group === undefined) return taskStatements(task, parts);
    if (done.has(group.id)) return [];
    done.add(group.id);
    const members = tasks.filter((other) => other.group?.id === group.id);
    // The ids of tasks are those of assets: a group that changes changes no history.
    const open = call(parts.names.taskGroup, [str(group.id)], {
      prefix_group_id: bool(false),
      tooltip: group.label === group.id ? undefined : str(group.label),
    });
    return [
      withBlock(
        [withItem(open)],
        members.flatMap((member) => taskStatements(member, parts)),
      ),
    ];
  });
}

function edges({ tasks }: DagModel, { variable }: TaskParts): readonly Statement[] {
  const waiting = tasks.filter(({ after }) => after.length > 0);
  return waiting.map((task) => {
    const before = task.after.map((id) => name(variable(id)));
    const [first] = before;
    return expression(binary('>>', [before.length === 1 && first !== undefined ? first : list(before), name(variable(entryOf(task)))]));
  });
}
