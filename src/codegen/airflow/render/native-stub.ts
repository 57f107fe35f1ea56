import { assign, attribute, blank, call, comment, functionDef, name, str } from '../../python/build.ts';
import type { DagModel } from '../model.ts';
import { sdk } from './names.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What a file with native tasks has for itself beside the names of every DAG file. */
export const STUB_NAMES = ['task', 'spindle'];

/** The queue whose coordinator hands tasks to the command line: `spindle-` and the project. */
const queueOf = ({ owner }: DagModel): string => `spindle-${owner}`;

/** Tasks that only stand for the work: `@task.stub`, which says no more than the queue. What each does is in the file of native tasks. */
export function stubParts(dag: DagModel): OperatorParts {
  return {
    operator: attribute(name('SPINDLE'), 'override'),
    constants: [],
    before: [
      functionDef('spindle', [], { docstring: 'Stand for the command line, which the coordinator of the queue calls.', body: [] }),
      comment('The queue is all that a stub says of its task: what it does stands in native-tasks.json.'),
      assign('SPINDLE', call(call(attribute(sdk('task'), 'stub'), [], { queue: str(queueOf(dag)) }), [name('spindle')])),
      blank,
    ],
    defaults: {},
    own: () => ({}),
    applied: call,
  };
}
