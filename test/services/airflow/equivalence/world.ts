import { define } from '../../../../src/runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition, JobDefinition, Mapping } from '../../../../src/runtime/declare/definition.ts';
import type { Project } from '../../../../src/runtime/declare/project.ts';
import { buildGraph, type Graph } from '../../../../src/runtime/graph/graph.ts';
import { rangeProblems } from '../../../../src/runtime/graph/range-problems.ts';
import { mappingProblem } from '../../../../src/runtime/partitions/mapping-problem.ts';
import { defineStore, type Store } from '../../../../src/runtime/store/store.ts';
import { automationOf, selectionOf } from './jobs.ts';
import type { Case, Kind, NodeDraw, Reads } from './draw.ts';

export const ROOT = '/project';
export const PROJECT = 'shop';

/** A project that was drawn, as a graph. */
export interface World {
  readonly drawn: Case;
  readonly project: Project;
  readonly graph: Graph;
}

const MAPPINGS: Readonly<Record<Reads, Mapping>> = {
  same: { kind: 'same' },
  before: { kind: 'window', from: -2, to: -1 },
  around: { kind: 'window', from: -1, to: 1 },
  every: { kind: 'every' },
  custom: { kind: 'custom', upstream: (key) => [key], downstream: undefined },
  order: { kind: 'order' },
};

type AnyStore = Store<unknown, unknown>;

function storeOf(kind: Kind, vault: boolean): AnyStore | undefined {
  if (kind === 'memory') return undefined;
  const rows = kind !== 'value' && kind !== 'volatile';
  return defineStore<unknown, unknown, {}>({
    kind,
    durable: kind !== 'volatile',
    resources: vault ? { vault: { name: 'vault' } } : {},
    readsRows: rows,
    slices: rows,
    ...(kind === 'stream' && { stream: async () => {} }),
    write: async () => ({ version: '1' }),
    read: () => [],
    version: async () => '1',
  }) as AnyStore;
}

/** The project of a case. What was drawn and has no meaning for the partitions at hand becomes what has. */
export function worldOf(drawn: Case): World {
  const assets: AssetDefinition[] = [];
  const checks: CheckDefinition[] = [];
  for (const node of drawn.nodes) {
    const made = assetsOf(node, { drawn, known: assets });
    assets.push(...made);
    checks.push(...made.flatMap((asset) => checksOf(node, asset)));
  }
  const bare = buildGraph({ assets, checks, jobs: [] });
  const jobs = drawn.jobs.map((job, index): JobDefinition => {
    const select = selectionOf(job, bare, drawn);
    const airflow = job.streaming === undefined ? {} : { streaming: job.streaming };
    return { name: `job ${index}`, select, automation: automationOf(job, { graph: bare, select }), tags: [], airflow };
  });
  const provider = { open: async () => undefined };
  const environments = {
    prod: { runStore: provider, transformer: provider, warehouse: provider, vault: { ...provider, embedded: 'exclusive' as const } },
  };
  const project: Project = { name: PROJECT, assets: [], dbt: [], checks: [], jobs: [], environments, airflow: {} };
  return { drawn, project, graph: buildGraph({ assets, checks, jobs }) };
}

function assetsOf(
  node: NodeDraw,
  { drawn, known }: { readonly drawn: Case; readonly known: readonly AssetDefinition[] },
): readonly AssetDefinition[] {
  const { kind, retry, timeout, pool, group, vault } = node;
  const index = known.length;
  const layer = ['bronze', 'silver', 'gold'][Math.min(2, Math.floor(index / 4))]!;
  const key = `${layer}/n${index}`;
  const at = node.partitions === undefined || kind === 'model' ? undefined : node.partitions % drawn.definitions.length;
  const partitions = at === undefined ? undefined : drawn.definitions[at];
  const store = kind === 'model' ? storeOf('rows', false) : storeOf(kind === 'multi' ? 'rows' : kind, vault);
  const own: AssetDefinition = {
    ...define(key, {
      retry: { ...retry, delay: retry.delay as '1s' },
      ...(group !== undefined && { group }),
      ...(pool !== undefined && { pool }),
    }),
    store,
    timeout,
    partitions,
    tags: at === undefined ? {} : { part: `p${at}` },
    run: kind === 'source' || kind === 'model' ? undefined : () => undefined,
  };
  const dependencies = Object.fromEntries(
    (known.length === 0 ? [] : node.edges).map(({ up, reads }, edge) => {
      const upstream = known[up % 2 === 0 ? Math.max(0, known.length - 1 - (up % 3)) : up % known.length]!;
      // A source is only put in order, and what is a stream reads streams alone.
      return [`d${edge}`, { upstream, mapping: kind === 'source' ? MAPPINGS.order : mappingFor(own, upstream, reads) }] as const;
    }),
  );
  const asset = { ...own, dependencies };
  if (kind === 'model') {
    const project = index % 2 === 0 ? 'marts' : 'shop';
    return [{ ...asset, transform: { project, dir: `${ROOT}/dbt`, uniqueId: `model.${project}.n${index}`, fqn: `${project}.n${index}` } }];
  }
  if (kind === 'multi') {
    const other = `${layer}/n${index}b`;
    const shared = (output: string) => ({ name: `${key} + ${other}`, output, outputs: ['a', 'b'] });
    // The second one may live nowhere, and is then made for those alone that are in its task.
    return [
      { ...asset, shared: shared('a') },
      { ...asset, key: other, store: node.range ? store : storeOf('volatile', false), shared: shared('b') },
    ];
  }
  const ranged = { ...asset, backfill: 'range' as const };
  return [node.range && rangeProblems(ranged, () => undefined).length === 0 ? ranged : asset];
}

function mappingFor(downstream: AssetDefinition, upstream: AssetDefinition, reads: Reads): Mapping {
  const holdsRows = upstream.store?.spec.readsRows === true;
  const fits = (mapping: Mapping) =>
    mappingProblem({ mapping, downstream: downstream.partitions, upstream: upstream.partitions, holdsRows }) === undefined;
  return [MAPPINGS[reads], MAPPINGS.same, MAPPINGS.every].find(fits) ?? MAPPINGS.order;
}

const checksOf = ({ checks, kind }: NodeDraw, asset: AssetDefinition): readonly CheckDefinition[] =>
  checks.map(({ blocking, severity }, index) => ({
    asset,
    name: `rule ${index}`,
    blocking,
    severity,
    description: undefined,
    run: kind === 'model' ? undefined : () => ({ passed: true }),
    uniqueId: kind === 'model' ? `test.${asset.key}.${index}` : undefined,
  }));
