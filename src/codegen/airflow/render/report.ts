import type { Expression, Statement } from '../../python/ast.ts';
import {
  assign,
  attribute,
  call,
  compare,
  expression,
  forBlock,
  functionDef,
  ifBlock,
  imported,
  importedModule,
  name,
  parameter,
  none,
  returns,
  str,
  subscript,
} from '../../python/build.ts';

/** The function of a DAG file that hands what a task reports over to its asset events. */
export const REPORT = 'report';

/** `post_execute` of a check that lets the asset of a task pass: what that task reported. */
export const reportOf = (task: string): Expression => call(imported('functools', 'partial'), [name(REPORT)], { made_by: str(task) });

/**
 * `post_execute` of the tasks: counts become the extra of an asset's event, and its partitions events of their own. What a task prints as its last line
 * is JSON, which an operator hands over as it is or parsed. `passes`: whether a check lets the assets of another task pass.
 */
export function reportFunction(prefix: string, { passes }: { readonly passes: boolean }): Statement {
  const get = (from: string, key: string) => call(attribute(name(from), 'get'), [str(key), EMPTY]);
  return functionDef(REPORT, [parameter('context'), parameter('result', none), ...(passes ? [parameter('made_by', none)] : [])], {
    docstring: 'Hand over to asset events what a task reports: its counts, and the partitions that it made.',
    body: [
      ...(passes ? [ifBlock([{ test: compare(name('made_by'), 'is not', none), body: [assign('result', PULLED)] }])] : []),
      ifBlock([
        {
          test: call(name('isinstance'), [name('result'), name('str')]),
          body: [assign('result', call(attribute(importedModule('json'), 'loads'), [name('result')]))],
        },
      ]),
      ifBlock([{ test: compare(name('result'), 'is', none), body: [returns()] }]),
      assign('made', get('result', 'assets')),
      forBlock(['asset'], attribute(subscript(name('context'), str('task')), 'outlets'), [
        assign(
          'facts',
          call(attribute(name('made'), 'get'), [call(attribute(attribute(name('asset'), 'name'), 'removeprefix'), [str(prefix)])]),
        ),
        ifBlock([
          {
            test: name('facts'),
            body: [
              assign('event', subscript(subscript(name('context'), str('outlet_events')), name('asset'))),
              assign('event.extra', name('facts')),
              expression(
                call(attribute(name('event'), 'add_partitions'), [call(attribute(name('facts'), 'get'), [str('partitions'), NO_KEYS])]),
              ),
            ],
          },
        ]),
      ]),
    ],
  });
}

const PULLED = call(attribute(subscript(name('context'), str('ti')), 'xcom_pull'), [], { task_ids: name('made_by') });
const EMPTY = { kind: 'dict', entries: [] } as const;
const NO_KEYS = { kind: 'list', items: [] } as const;
