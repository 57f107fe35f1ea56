import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after, asset, defineProject, job, source, value, type Asset } from 'spindle';
import { assignmentsOf, edgesOf } from '../../../src/codegen/airflow/assignment.ts';
import { jobScope } from '../../../src/codegen/airflow/scope.ts';
import type { TaskGranularity } from '../../../src/runtime/declare/airflow.ts';
import { levelsOf } from '../../../src/runtime/graph/order.ts';
import { production } from './environment.ts';
import { dagOf, scopeOf } from './exported.ts';

const store = value<number>();

interface Drawn {
  readonly upstreams: readonly number[];
  readonly memory: boolean;
  readonly group: string | undefined;
}

const drawn: fc.Arbitrary<readonly Drawn[]> = fc.array(
  fc.record({
    upstreams: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
    memory: fc.boolean(),
    group: fc.constantFrom('a', 'b', undefined),
  }),
  { minLength: 1, maxLength: 14 },
);

function projectOf(nodes: readonly Drawn[]) {
  const made: Asset[] = [];
  for (const [index, { upstreams, memory, group }] of nodes.entries()) {
    const deps = Object.fromEntries(upstreams.filter((other) => other < index).map((other) => [`d${other}`, made[other]!]));
    made.push(asset(`k${index}`, { deps, ...(memory ? {} : { store }), ...(group === undefined ? {} : { group }) }).run(() => 1) as Asset);
  }
  return defineProject({ name: 'p', assets: made, jobs: [job('all', { select: '**' })], environments: { production } });
}

describe('the tasks of a job', () => {
  it.each(['asset', 'group'] satisfies TaskGranularity[])(
    'can run one after another, for each %s, and keep what is in memory inside',
    (granularity) => {
      fc.assert(
        fc.property(drawn, (nodes) => {
          const scope = scopeOf(projectOf(nodes), { granularity });
          const scoped = jobScope(scope, scope.graph.jobs[0]!);
          const assignments = assignmentsOf(scope, scoped);
          const taskOf = new Map(assignments.flatMap(({ assets }, index) => assets.map(({ key }) => [key, String(index)] as const)));
          expect([...taskOf.keys()].toSorted()).toEqual(scope.graph.keys.toSorted());

          const edges = edgesOf(scope, scoped);
          const after_ = new Map(assignments.map((_, index) => [String(index), new Set<string>()]));
          for (const [key, upstreams] of edges)
            for (const upstream of upstreams)
              if (taskOf.get(upstream) !== taskOf.get(key)) after_.get(taskOf.get(key)!)!.add(taskOf.get(upstream)!);
          expect(levelsOf(new Map([...after_].map(([id, before]) => [id, [...before]])))).toBeDefined();

          for (const asset_ of scope.graph.assets)
            for (const { upstream } of Object.values(asset_.dependencies))
              if (upstream.store === undefined) expect(taskOf.get(upstream.key)).toBe(taskOf.get(asset_.key));
          for (const { assets, label } of assignments)
            if (label !== undefined) expect(new Set(assets.map(({ group }) => group)).size).toBe(1);
        }),
      );
    },
  );

  it('are those of single assets where nothing puts them together', () => {
    fc.assert(
      fc.property(drawn, (nodes) => {
        const scope = scopeOf(projectOf(nodes.map((node) => ({ ...node, memory: false }))));
        expect(assignmentsOf(scope, jobScope(scope, scope.graph.jobs[0]!)).every(({ assets }) => assets.length === 1)).toBe(true);
      }),
    );
  });

  it('wait for each other through what another system makes', () => {
    const orders = asset('orders', { store }).run(() => 1);
    const copied = source('copied', { store, deps: { orders: after(orders) } });
    const report = asset('report', { store, deps: { copied } }).run(() => 1);
    const project = defineProject({ name: 'p', assets: [report], jobs: [job('all', { select: '**' })], environments: { production } });
    expect(dagOf(project).tasks.map(({ id, after: before }) => [id, before])).toEqual([
      ['orders', []],
      ['report', ['orders']],
    ]);
  });
});
