import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { materialize, type Asset, type Run } from 'spindle';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { Plan } from '../../../src/runtime/plan/plan.ts';
import { observe } from '../../../src/runtime/run/observe.ts';
import { planOf } from '../../../src/runtime/run/plan-of.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';
import { fromScratch } from './oracle/interpreter.ts';
import { createLedger, keysOf, stepsOf, type Ledger, type Steps } from './oracle/ledger.ts';
import { cases, type Case, type Node, type Round } from './oracle/shape.ts';
import { createWorld, type World } from './oracle/world.ts';

const isSource = ({ kind }: Node) => kind === 'number' || kind === 'events';

/** What a run over the selected assets would do, by the plan alone. */
async function planned(world: World, assets: readonly Asset[], selection: readonly string[]): Promise<Plan> {
  const graph = buildGraph({ assets: assets.map(({ definition }) => definition), checks: [], jobs: [] });
  const run = await startRun({
    run: randomUUID(),
    graph,
    selection,
    resources: { open: async (name) => world.resources[name as keyof World['resources']] },
    clock: stillClock(world.now()),
    signal: new AbortController().signal,
    runStore: world.runStore,
    config: world.config(assets),
  });
  await observe(run);
  return planOf(run);
}

/** A run: what it did, and what lies in the stores behind it. */
async function runOnce(world: World, { part, concurrency }: Pick<Round, 'part' | 'concurrency'>) {
  const { nodes } = world.facts;
  const assets = world.assets();
  const selected = nodes.filter(({ id }) => part === undefined || (part >> id) % 2 === 1).map(({ id }) => id);
  const keys = selected.map((id) => assets[id]?.key as string);
  const plan = await planned(world, assets, keys);
  const run = await materialize(assets as readonly Asset<string, unknown, never>[], {
    resources: world.resources as never,
    runStore: world.runStore,
    now: world.now(),
    concurrency,
    select: keys.join(' or '),
    config: world.config(assets),
  });
  const steps = stepsOf(run.events, (key) => assets.findIndex((asset) => asset.key === key));
  const held = await heldBy(nodes, assets, run);
  return {
    selected,
    plan: new Map(plan.assets.map((each) => [assets.findIndex(({ key }) => key === each.asset.key), each])),
    steps,
    held,
    ok: run.ok,
  };
}

/** What the stores hold of what the run made, or of all that it may have. */
async function heldBy(nodes: readonly Node[], assets: readonly Asset[], run: Run<readonly Asset<string, unknown, never>[]>) {
  const held = new Map<string, number>();
  for (const { asset: key, partition } of run.events.filter((event) => event.type === 'asset.materialized')) {
    const id = assets.findIndex((asset) => asset.key === key);
    const { kind } = nodes[id] as Node;
    for (const part of kind === 'memory' ? [] : keysOf(partition)) {
      const output = await run.output(assets[id] as never, (part === '' ? undefined : { partition: part }) as never);
      const value = kind === 'table' ? (await (output as { all(): Promise<readonly { n: number }[]> }).all())[0]?.n : output;
      held.set(`${id}:${part}`, value as number);
    }
  }
  return (id: number, key: string) => held.get(`${id}:${key}`);
}

type Ran = Awaited<ReturnType<typeof runOnce>>;

/** Whatever is not as it should be: what ran though it could have been left out, what is stale still, and what the plan said otherwise. */
function problems(ran: Ran, ledger: Ledger): readonly string[] {
  const { selected, plan, steps, held } = ran;
  const wrong = [...ledger.note(steps, held)];
  const done = (id: number, which: (keyof Steps)[]) =>
    which.flatMap((each) => steps[each].flatMap((step) => (step.id === id ? step.keys : [])));
  for (const id of selected) {
    const { action = 'skip', steps: due = [], waitsFor = [] } = plan.get(id) ?? {};
    const undone = done(id, ['failed', 'skipped']);
    if (action === 'observe') continue;
    if (!undone.includes(''))
      for (const key of ledger.stale(id)) if (!undone.includes(key)) wrong.push(`${id}:${key} is stale still: ${ledger.reason(id, key)}`);
    const made = done(id, ['made']);
    if (made.length > 0 && action !== 'run' && action !== 'perhaps') wrong.push(`${id} ran, and the plan says ${action}`);
    const own = due.filter(({ reasons }) => waitsFor.length === 0 || reasons.some(({ kind }) => kind !== 'input' && kind !== 'upstream'));
    const said = own.flatMap(({ partition }) => keysOf(partition));
    for (const key of said) if (![...made, ...undone].includes(key)) wrong.push(`${id}:${key} did not run, and the plan says so`);
    if (waitsFor.length === 0)
      for (const key of made) if (!said.includes(key)) wrong.push(`${id}:${key} ran, and the plan does not say so`);
  }
  return wrong;
}

async function play({ nodes, rounds }: Case): Promise<void> {
  const facts: { now: World['facts'] } = { now: { nodes } as World['facts'] };
  const ledger = createLedger(() => facts.now);
  const world = createWorld(nodes, ledger.made);
  facts.now = world.facts;
  await world.prepare();
  for (const { changes, part, concurrency } of rounds) {
    for (const change of changes) {
      const { deleted } = await world.apply(change);
      if (deleted !== undefined) ledger.delete(deleted.id, deleted.key);
    }
    const isEmpty = part !== undefined && nodes.every(({ id }) => (part >> id) % 2 === 0);
    if (!isEmpty) {
      const ran = await runOnce(world, { part, concurrency });
      expect(problems(ran, ledger)).toEqual([]);
      if (part === undefined && world.failing.size === 0) expect(ran.ok).toBe(true);
    }
    world.failing.clear();
  }
  // In the end everything is as if it had been made at once, and there is nothing left to do.
  const last = await runOnce(world, { part: undefined, concurrency: 4 });
  expect(problems(last, ledger)).toEqual([]);
  expect(last.ok).toBe(true);
  await expectAllHeld(world);
  const again = await runOnce(world, { part: undefined, concurrency: 4 });
  expect(again.steps).toEqual({ made: [], failed: [], skipped: [] });
}

async function expectAllHeld(world: World): Promise<void> {
  const assets = world.assets();
  const run = await materialize(assets as readonly Asset<string, unknown, never>[], {
    resources: world.resources as never,
    runStore: world.runStore,
    now: world.now(),
    config: world.config(assets),
  });
  for (const [id, partitions] of fromScratch(world.facts).entries()) {
    const node = world.facts.nodes[id] as Node;
    if (isSource(node)) continue;
    for (const [key, expected] of partitions) {
      const output = await run.output(assets[id] as never, (key === '' ? undefined : { partition: key }) as never);
      const found =
        node.kind === 'table' ? (await (output as { all(): Promise<readonly { n: number }[]> }).all()).map(({ n }) => n) : [output];
      expect({ id, key, found }).toEqual({ id, key, found: [expected] });
    }
  }
}

/** All partitions of an asset in memory failed, so that it holds none when what reads it is planned again. */
const failedInMemory: Case = {
  nodes: [
    { id: 0, kind: 'table', divided: 'static', range: false, edges: [] },
    { id: 1, kind: 'memory', divided: 'daily', range: false, edges: [] },
    {
      id: 2,
      kind: 'memory',
      divided: 'cross',
      range: false,
      edges: [
        { up: 1, reads: 'same' },
        { up: 0, reads: 'every' },
      ],
    },
  ],
  rounds: [{ changes: [{ kind: 'fail', at: 1, pick: 0 }], part: undefined, concurrency: 1 }],
};

describe('a pipeline after any changes', () => {
  it('runs what is stale, nothing else, as the plan says, and ends as if it had been made at once', { timeout: 120_000 }, async () => {
    await fc.assert(fc.asyncProperty(cases, play), {
      examples: [[failedInMemory]],
      numRuns: Number(process.env['ORACLE_RUNS'] ?? 1000),
    });
  });
});
