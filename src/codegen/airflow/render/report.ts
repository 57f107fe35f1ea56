import type { Statement } from '../../python/ast.ts';
import {
  assign,
  attribute,
  call,
  compare,
  dict,
  expression,
  forBlock,
  functionDef,
  ifBlock,
  importedModule,
  list,
  name,
  parameter,
  none,
  returns,
  str,
  subscript,
} from '../../python/build.ts';

/** The function of a DAG file that hands what a task reports over to its asset events. */
export const REPORT = 'report';

/**
 * `post_execute` of the tasks: counts become the extra of an asset's event, and its partitions events of their own. What a task prints as its last line
 * is JSON, which an operator hands over as it is or parsed.
 */
export function reportFunction(prefix: string): Statement {
  const get = (from: string, key: string) => call(attribute(name(from), 'get'), [str(key), dict([])]);
  return functionDef(REPORT, [parameter('context'), parameter('result', none)], {
    docstring: 'Hand over to asset events what a task reports: its counts, and the partitions that it made.',
    body: [
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
                call(attribute(name('event'), 'add_partitions'), [call(attribute(name('facts'), 'get'), [str('partitions'), list([])])]),
              ),
            ],
          },
        ]),
      ]),
    ],
  });
}
