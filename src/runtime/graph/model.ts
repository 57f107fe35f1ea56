import { didYouMean } from '../closest.ts';
import type { AssetDefinition, CheckDefinition, JobDefinition } from '../declare/definition.ts';
import { SpindleError } from '../errors.ts';

export type Direction = 'upstream' | 'downstream';

/** Every asset of a project and what it depends on: complete, free of cycles, and in one order whatever the order of declaration. */
export interface Graph {
  /** By level, and within a level by key: what an asset depends on comes before it. */
  readonly assets: readonly AssetDefinition[];
  /** The keys of `assets`, in the same order. */
  readonly keys: readonly string[];
  /** In the order of their assets, then by name. */
  readonly checks: readonly CheckDefinition[];
  /** By name. */
  readonly jobs: readonly JobDefinition[];
  has(key: string): boolean;
  /** ASSET_UNKNOWN, with suggestions, where there is no such asset. So do all the others that take one key. */
  get(key: string): AssetDefinition;
  /** JOB_UNKNOWN, with suggestions, where there is no such job. */
  job(name: string): JobDefinition;
  /** 0 for what depends on nothing, else one more than the highest of its upstreams. */
  level(key: string): number;
  /** What the asset depends on directly, each once, in the graph's order. */
  upstream(key: string): readonly string[];
  /** What depends on the asset directly, in the graph's order. */
  downstream(key: string): readonly string[];
  /** Everything that the asset depends on, up to so many levels away; not the asset. */
  ancestors(key: string, depth?: number): ReadonlySet<string>;
  /** Everything that depends on the asset, up to so many levels away; not the asset. */
  descendants(key: string, depth?: number): ReadonlySet<string>;
  /** What is at most so many steps away from any of the keys, and at least one step from one of them. */
  reach(keys: Iterable<string>, direction: Direction, depth: number): ReadonlySet<string>;
  checksOf(key: string): readonly CheckDefinition[];
}

export interface GraphParts {
  /** In the graph's order. */
  readonly assets: readonly AssetDefinition[];
  readonly checks: readonly CheckDefinition[];
  readonly jobs: readonly JobDefinition[];
  readonly levels: ReadonlyMap<string, number>;
}

/** A graph over parts that were found sound: every dependency is among the assets. */
export function createGraph({ assets, checks, jobs, levels }: GraphParts): Graph {
  const keys = assets.map(({ key }) => key);
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  const position = new Map(keys.map((key, index) => [key, index]));
  const inOrder = (a: string, b: string) => position.get(a)! - position.get(b)!;
  const upstreams = new Map(assets.map((asset) => [asset.key, upstreamKeys(asset).toSorted(inOrder)]));
  const downstreams = new Map<string, string[]>(keys.map((key) => [key, []]));
  for (const key of keys) for (const upstream of upstreams.get(key)!) downstreams.get(upstream)!.push(key);
  const byAsset = new Map<string, CheckDefinition[]>(keys.map((key) => [key, []]));
  for (const check of checks) byAsset.get(check.asset.key)?.push(check);
  for (const list of byAsset.values()) list.sort((a, b) => compare(a.name, b.name));
  const jobsInOrder = jobs.toSorted((a, b) => compare(a.name, b.name));

  const of = <T>(map: ReadonlyMap<string, T>, key: string): T => {
    const found = map.get(key);
    if (found !== undefined) return found;
    throw new SpindleError('ASSET_UNKNOWN', `There is no asset "${key}".${didYouMean(key, keys)}`, {
      remedy: 'Run `spindle list` to see the assets.',
    });
  };
  const reach = (starts: Iterable<string>, direction: Direction, depth: number): ReadonlySet<string> => {
    const neighbors = direction === 'upstream' ? upstreams : downstreams;
    const reached = new Set<string>();
    let border = new Set(starts);
    for (let step = 0; step < depth && border.size > 0; step += 1) {
      const next = new Set<string>();
      for (const key of border) {
        for (const neighbor of of(neighbors, key)) {
          if (reached.has(neighbor)) continue;
          reached.add(neighbor);
          next.add(neighbor);
        }
      }
      border = next;
    }
    return reached;
  };

  return {
    assets,
    keys,
    checks: keys.flatMap((key) => byAsset.get(key)!),
    jobs: jobsInOrder,
    has: (key) => byKey.has(key),
    get: (key) => of(byKey, key),
    job: (name) => {
      const found = jobsInOrder.find((job) => job.name === name);
      if (found !== undefined) return found;
      const names = jobsInOrder.map((job) => job.name);
      throw new SpindleError('JOB_UNKNOWN', `There is no job "${name}".${didYouMean(name, names)}`, {
        remedy: names.length === 0 ? 'The project declares no jobs.' : `The jobs are ${names.join(', ')}.`,
      });
    },
    level: (key) => of(levels, key),
    upstream: (key) => of(upstreams, key),
    downstream: (key) => of(downstreams, key),
    ancestors: (key, depth = Infinity) => reach([key], 'upstream', depth),
    descendants: (key, depth = Infinity) => reach([key], 'downstream', depth),
    reach,
    checksOf: (key) => of(byAsset, key),
  };
}

/** The keys that an asset depends on, each once. */
export function upstreamKeys({ dependencies }: AssetDefinition): readonly string[] {
  return [...new Set(Object.values(dependencies).map(({ upstream }) => upstream.key))];
}

/** By UTF-16 code units: the same everywhere, unlike the order of a locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
