import type { Graph } from '../../../../src/runtime/graph/graph.ts';
import { select } from '../../../../src/runtime/graph/selection/evaluate.ts';
import type { Dag, Task } from '../dag-bag.ts';
import { closureOf, type Before } from './closure.ts';

/** A task of a DAG that calls `spindle materialize`, with what that makes. */
export interface MakingTask {
  readonly id: string;
  readonly task: Task;
  /** All that the call selects. */
  readonly selected: readonly string[];
  readonly assets: ReadonlySet<string>;
  /** False where the checks are left to other tasks. */
  readonly checks: boolean;
}

/** One that calls `spindle check`. */
export interface CheckingTask {
  readonly id: string;
  readonly task: Task;
  readonly asset: string;
  readonly check: string;
}

/** A DAG as Airflow has it, read by what its tasks call. */
export interface ExportedDag {
  readonly dag: Dag;
  readonly making: readonly MakingTask[];
  readonly checking: readonly CheckingTask[];
  /** Of each task's id, all tasks that come before it. */
  readonly before: Before;
}

/** What the tasks call is read as the command line reads it: the selection by the runtime. Throws for a task that calls something else. */
export function exportedDag(graph: Graph, dag: Dag): ExportedDag {
  const making: MakingTask[] = [];
  const checking: CheckingTask[] = [];
  for (const [id, task] of Object.entries(dag.tasks)) {
    const command = String(task.fields['bash_command']);
    const call = / (materialize|check) --airflow (.*) $/s.exec(command);
    if (call === null) throw new Error(`The task ${id} calls something else: ${command}`);
    const option = (name: string) => {
      const [, quoted, plain] = new RegExp(`--${name}=(?:'([^']*)'|(\\S+))`).exec(call[2]!) ?? [];
      return quoted ?? plain ?? '';
    };
    const selected = select(graph, option('select'));
    if (call[1] === 'check') checking.push({ id, task, asset: selected.join(' and '), check: option('check') });
    else {
      const assets = selected.filter((key) => graph.get(key).run !== undefined || graph.get(key).transform !== undefined);
      making.push({ id, task, selected, assets: new Set(assets), checks: !call[2]!.includes('--no-checks') });
    }
  }
  const before = closureOf(new Map(Object.entries(dag.tasks).map(([id, { upstream }]) => [id, upstream])));
  return { dag, making, checking, before };
}
