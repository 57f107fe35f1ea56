import { parseDuration } from '../../../../src/runtime/declare/duration.ts';
import { neededResources } from '../../../../src/runtime/graph/needed-resources.ts';
import type { AssetIdentity } from '../dag-bag.ts';
import type { ExportedDag, MakingTask } from './exported.ts';
import type { LocalJob } from './local.ts';
import { PROJECT } from './world.ts';

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const expected = (id: string, what: string, { wanted, found }: { readonly wanted: unknown; readonly found: unknown }): readonly string[] =>
  same(wanted, found) ? [] : [`${id}: ${what} is ${JSON.stringify(found)} in place of ${JSON.stringify(wanted)}`];

const identity = (key: string): AssetIdentity => ({ name: `${PROJECT}/${key}`, uri: `spindle://${PROJECT}/${key}` });
const sorted = (assets: readonly AssetIdentity[]): readonly string[] => assets.map(({ name, uri }) => `${name} ${uri}`).toSorted();

/** Where a task's retries and time limit are not those of its assets: of several, the most patient policy. */
export function policyProblems({ graph }: LocalJob, { making }: ExportedDag): readonly string[] {
  return making.flatMap(({ id, task, assets }) => {
    const definitions = [...assets].map((key) => graph.get(key));
    const attempts = Math.max(...definitions.map(({ retry }) => retry.attempts));
    const patient = definitions.filter(({ retry }) => retry.attempts === attempts).map(({ retry }) => retry);
    const delay = Math.max(...patient.map((retry) => parseDuration(retry.delay))) / 1000;
    const exponential = patient.some(({ backoff }) => backoff === 'exponential');
    // Without retries, how long they would wait does not matter. A task that makes several partitions or assets limits each by itself.
    const [only] = definitions.length === 1 && definitions[0]!.partitions === undefined ? definitions : [];
    const timeout = only?.timeout === undefined ? null : parseDuration(only.timeout) / 1000;
    return [
      ...expected(id, 'retries', { wanted: attempts - 1, found: task.retries }),
      ...(attempts === 1 ? [] : expected(id, 'retry_delay', { wanted: delay, found: task.retry_delay })),
      ...(attempts === 1
        ? []
        : expected(id, 'exponential back-off', { wanted: exponential ? 2 : 0, found: Number(task.retry_exponential_backoff) })),
      ...expected(id, 'execution_timeout', { wanted: timeout, found: task.execution_timeout }),
      ...expected(id, 'max_retry_delay', { wanted: 300, found: task.max_retry_delay }),
    ];
  });
}

/** Where inlets are not what the task's assets read, or the outlets of all tasks not what the run makes. */
export function assetProblems({ graph, made }: LocalJob, exported: ExportedDag): readonly string[] {
  const outlets = Object.values(exported.dag.tasks).flatMap((task) => task.outlets);
  return [
    ...expected('all tasks', 'outlets', { wanted: sorted(made.map(identity)), found: sorted(outlets) }),
    ...exported.making.flatMap(({ id, task, assets }) => {
      const reads = [...assets].flatMap((key) =>
        Object.values(graph.get(key).dependencies).flatMap(({ upstream, mapping }) => (mapping.kind === 'order' ? [] : [upstream.key])),
      );
      const outside = [...new Set(reads)].filter((key) => !assets.has(key));
      return expected(id, 'inlets', { wanted: sorted(outside.map(identity)), found: sorted(task.inlets) });
    }),
  ];
}

/** Where a check is not run once, dependents do not wait for one that blocks, or wait for one that does not; and where an asset is told to be there before it passed. */
export function checkProblems({ graph }: LocalJob, exported: ExportedDag): readonly string[] {
  return exported.making.flatMap((making) => {
    const { id, assets, checks } = making;
    const functions = [...assets].flatMap((key) => graph.checksOf(key).filter(({ run }) => run !== undefined));
    const own = exported.checking.filter(({ asset }) => assets.has(asset));
    const wanted = checks ? [] : functions.map(({ asset, name }) => `${asset.key}: ${name}`);
    const blocking = functions.filter((check) => check.blocking).map(({ name }) => name);
    const gates = own.filter(({ check }) => blocking.includes(check));
    return [
      ...expected(id, 'its checks', { wanted: wanted.toSorted(), found: own.map(({ asset, check }) => `${asset}: ${check}`).toSorted() }),
      ...own.flatMap((check) => (exported.before.get(check.id)!.has(id) ? [] : [`${check.id} does not wait for ${id}`])),
      ...gatingProblems(making, { exported, gates: new Set(gates.map((check) => check.id)), own: new Set(own.map((check) => check.id)) }),
    ];
  });
}

interface Gating {
  readonly exported: ExportedDag;
  readonly gates: ReadonlySet<string>;
  readonly own: ReadonlySet<string>;
}

function gatingProblems({ id, assets }: MakingTask, { exported, gates, own }: Gating): readonly string[] {
  const { before, dag } = exported;
  const dependents = exported.making.filter((other) => before.get(other.id)!.has(id));
  const teller = Object.entries(dag.tasks).flatMap(([task, { outlets }]) =>
    outlets.some(({ uri }) => [...assets].some((key) => uri === identity(key).uri)) ? [task] : [],
  );
  return [
    ...dependents.flatMap((other) =>
      [...gates].flatMap((gate) => (before.get(other.id)!.has(gate) ? [] : [`${other.id} does not wait for ${gate}`])),
    ),
    ...[...own].flatMap((check) =>
      gates.has(check)
        ? []
        : exported.making.filter((other) => before.get(other.id)!.has(check)).map((other) => `${other.id} waits for ${check}`),
    ),
    ...teller.flatMap((task) =>
      [...gates].flatMap((gate) =>
        task === gate || before.get(task)!.has(gate) ? [] : [`${task} has the outlet of ${id} before ${gate}`],
      ),
    ),
    ...(teller.length === 1 ? [] : [`the outlets of ${id} are at ${teller.join(', ') || 'no task'}`]),
  ];
}

/** Where tasks that may not run at once could, or could not though they may; over all DAGs of a project. */
export function poolProblems(
  dags: readonly { readonly local: LocalJob; readonly exported: ExportedDag }[],
  slots: Readonly<Record<string, number>>,
): readonly string[] {
  const tasks = dags.flatMap(({ local: { graph }, exported: { making, checking } }) =>
    making.flatMap(({ id, task, assets }) => {
      const pools = [...assets].flatMap((key) => graph.get(key).pool ?? []).map((pool) => `pool ${pool}`);
      const holds = [...new Set(neededResources(graph, [...assets]).has('vault') ? [...pools, 'vault'] : pools)];
      const found = [task, ...checking.filter(({ asset }) => assets.has(asset)).map((check) => check.task)].map(({ pool }) => pool);
      return found.map((pool) => ({ id, holds, pool }));
    }),
  );
  const groups = connected(tasks.map(({ holds }) => holds));
  const names = new Map<ReadonlySet<string>, string>();
  return tasks.flatMap(({ id, holds, pool }) => {
    if (holds.length === 0) return expected(id, 'pool', { wanted: 'default_pool', found: pool });
    const group = groups.find((of) => of.has(holds[0]!))!;
    const [thing = ''] = group;
    const single = group.size === 1 && thing.startsWith('pool ') ? `${PROJECT}__${thing.slice(5).replace(' ', '_')}` : undefined;
    const wanted = single ?? names.get(group) ?? pool;
    const taken = [...names].find(([of, name]) => name === wanted && of !== group);
    names.set(group, wanted);
    return [
      ...expected(id, 'pool', { wanted, found: pool }),
      ...(taken === undefined ? [] : [`${id} shares the pool ${pool} with tasks that hold ${[...taken[0]].join(', ')}`]),
      ...expected(id, 'slots of its pool', { wanted: 1, found: slots[pool] }),
    ];
  });
}

/** Things that some task holds at once are in one group. */
function connected(held: readonly (readonly string[])[]): readonly ReadonlySet<string>[] {
  let groups: readonly ReadonlySet<string>[] = [];
  for (const things of held) {
    if (things.length === 0) continue;
    const touching = groups.filter((group) => things.some((thing) => group.has(thing)));
    groups = [...groups.filter((group) => !touching.includes(group)), new Set([...things, ...touching.flatMap((group) => [...group])])];
  }
  return groups;
}
