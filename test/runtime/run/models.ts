import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import { define } from '../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition } from '../../../src/runtime/declare/definition.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import type { NodeStatus, TransformEvent, TransformRequest, Transformer } from '../../../src/runtime/resource/transformer.ts';
import { isSpindleError, SpindleError } from '../../../src/runtime/errors.ts';
import type { RunEvent } from '../../../src/runtime/run/event.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';

type Change = Partial<AssetDefinition>;

const upstreamsOf = (upstreams: readonly AssetDefinition[]): AssetDefinition['dependencies'] =>
  Object.fromEntries(upstreams.map((upstream) => [upstream.key, { upstream, mapping: { kind: 'same' } }]));

export const model = (key: string, upstreams: readonly AssetDefinition[] = [], change: Change = {}): AssetDefinition => ({
  ...define(key, {}),
  codeVersion: 'c1',
  dependencies: upstreamsOf(upstreams),
  transform: { project: 'p', dir: '/p', uniqueId: key, fqn: key },
  ...change,
});

export const made = (key: string, upstreams: readonly AssetDefinition[] = []): AssetDefinition => ({
  ...define(key, {}),
  dependencies: upstreamsOf(upstreams),
  run: () => 1,
});

/** A test of dbt on an asset, which it reads alone unless said. */
export const test = (asset: AssetDefinition, name: string, change: Partial<CheckDefinition> = {}): CheckDefinition => ({
  asset,
  name,
  blocking: true,
  severity: 'error',
  description: undefined,
  run: undefined,
  uniqueId: name,
  transform: { dir: '/p', fqn: name, reads: [asset.key] },
  ...change,
});

interface Said {
  readonly status: NodeStatus;
  readonly transient?: boolean;
}

export interface ModelRun {
  /** What dbt says of a node in its n-th call, from 1; success unless given. A call that is thrown fails as a whole. */
  says?(node: string, call: number): Said | NodeStatus | SpindleError | undefined;
  readonly selection?: readonly string[];
  /** The code of assets that are functions, by key. */
  readonly code?: Readonly<Record<string, string>>;
  readonly partition?: string;
  readonly withoutTransformer?: boolean;
  /** The node that is told of before all others. */
  readonly first?: string;
}

/** Runs of one run store, over a transformer that reports what is selected in the order in which it is selected. */
export function modelRuns(assets: readonly AssetDefinition[], checks: readonly CheckDefinition[]) {
  const graph = buildGraph({ assets, checks, jobs: [] });
  const runStore = createMemoryRunStore();
  let [runs, writes] = [0, 0];
  return async ({ says, selection = graph.keys, code = {}, partition, withoutTransformer = false, first }: ModelRun = {}) => {
    const events: RunEvent[] = [];
    const calls: Omit<TransformRequest, 'target' | 'signal'>[] = [];
    const transformer: Transformer = {
      async build({ target: _, signal: __, ...request }, report) {
        calls.push(request);
        for (const node of request.select.toSorted((a, b) => Number(b === first) - Number(a === first))) {
          const said = says?.(node, calls.length) ?? 'success';
          if (isSpindleError(said)) throw said;
          const { status, transient } = typeof said === 'string' ? { status: said, transient: undefined } : (said as Said);
          const event: TransformEvent = { type: 'finished', node, status, seconds: 0, ...(transient !== undefined && { transient }) };
          report(event);
        }
      },
    };
    const write = async () => ({
      rows: 1,
      bytes: 1,
      version: `v${++writes}`,
      touched: new Map(),
      rejected: 0,
      objects: 0,
      skippedObjects: 0,
    });
    const warehouse = {
      lend: (_: string, work: (target: object) => Promise<void>) => work({}),
      tables: async () => [{ name: '' }, { name: 'raw.plays' }],
      version: async () => 'v',
      write,
    };
    const resources = new Map<string, unknown>([
      ['warehouse', warehouse],
      ...(withoutTransformer ? [] : [['transformer', transformer] as const]),
    ]);
    const context = await startRun({
      run: `r${++runs}`,
      graph,
      selection,
      resources: {
        async open(name) {
          if (resources.has(name)) return resources.get(name);
          throw new SpindleError('RESOURCE_MISSING', `no ${name}`);
        },
      },
      clock: stillClock('2026-01-05T00:00:00Z'),
      signal: new AbortController().signal,
      runStore,
      codeVersions: new Map(Object.entries(code)),
      ...(partition !== undefined && { partitions: { key: partition } }),
      listen: (event) => void events.push(event),
    });
    const status = await runSelection(context, { project: 'music', environment: 'local', selection: '**' }, () =>
      events.some(({ type }) => type === 'step.failed'),
    );
    return { status, events, calls, log: told(events) };
  };
}

/** What became of what, in order. */
const told = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap((event) => {
    const of = 'asset' in event ? `${event.asset}${'partition' in event && event.partition ? `[${event.partition}]` : ''}` : '';
    switch (event.type) {
      case 'asset.materialized':
        return [`${of} made`];
      case 'step.failed':
        return [`${of} failed: ${event.error.code}`];
      case 'step.retried':
        return [`${of} retried`];
      case 'step.skipped':
        return [`${of} ${event.cause}`];
      case 'check.finished':
        return [`${of} ${event.check} ${event.passed ? 'passed' : 'failed'}`];
      default:
        return [];
    }
  });
