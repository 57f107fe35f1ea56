import { selectionOf } from '../../../runtime/graph/selection/selection-of.ts';
import type { CheckTask, MaterializeTask } from '../model.ts';

/** The arguments of the command line that a task calls, as the program receives them. */
export function argumentsOf(task: MaterializeTask | CheckTask): readonly string[] {
  switch (task.kind) {
    case 'materialize':
      return [
        'materialize',
        '--airflow',
        `--select=${selectionOf([...task.keys, ...task.sources])}`,
        ...(task.checks ? [] : ['--no-checks']),
        ...(task.withStale ? ['--with-stale'] : []),
      ];
    case 'check':
      return ['check', '--airflow', `--select=${selectionOf([task.key])}`, `--check=${task.check}`];
  }
}
