import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { neededResources } from '../../runtime/graph/needed-resources.ts';
import { plain } from './name.ts';
import type { ExportScope } from './scope.ts';

/** One thing that one task at a time may hold: a pool of the graph, or a resource that one process at a time may open. */
type Holding = { readonly kind: 'pool' | 'resource'; readonly name: string };

/** Which pool each task waits in. A task waits in one pool: where it holds two things, their pools become one, which excludes more than it must and never less. */
export interface Pools {
  /** Undefined where nothing has to be waited for. */
  poolOf(assets: readonly AssetDefinition[]): string | undefined;
  /** By name, with what it stands for. */
  readonly all: ReadonlyMap<string, string>;
}

/** `tasks` are the assets of each task of the export. */
export function poolsOf({ project, graph, settings }: ExportScope, tasks: readonly (readonly AssetDefinition[])[]): Pools {
  const parents = new Map<string, string>();
  const things = new Map<string, Holding>();
  const root = (id: string): string => {
    let at = id;
    while (parents.get(at) !== at) at = parents.get(at)!;
    return at;
  };
  const holdings = (assets: readonly AssetDefinition[]): readonly string[] => {
    const held = assets.flatMap(({ key, pool }): readonly Holding[] => [
      ...(pool === undefined ? [] : [{ kind: 'pool' as const, name: pool }]),
      ...[...neededResources(graph, [key]).keys()].flatMap((name): readonly Holding[] =>
        settings.providers[name]?.embedded === 'exclusive' ? [{ kind: 'resource', name }] : [],
      ),
    ]);
    return [
      ...new Set(
        held.map((thing) => {
          const id = `${thing.kind}:${thing.name}`;
          if (!parents.has(id)) parents.set(id, id);
          things.set(id, thing);
          return id;
        }),
      ),
    ];
  };
  for (const assets of tasks) {
    const [first, ...others] = holdings(assets);
    if (first !== undefined) for (const other of others) parents.set(root(other), root(first));
  }
  const members = new Map<string, Holding[]>();
  for (const [id, thing] of [...things].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    members.set(root(id), [...(members.get(root(id)) ?? []), thing]);
  const names = new Map<string, string>();
  const all = new Map<string, string>();
  for (const [id, held] of [...members].toSorted(([, a], [, b]) => (a[0]!.name < b[0]!.name ? -1 : 1))) {
    const wanted = `${plain(project)}__${held.map(({ name }) => plain(name)).join('_and_')}`.slice(0, 240);
    const name = all.has(wanted) ? `${wanted}_${all.size + 1}` : wanted;
    names.set(id, name);
    all.set(name, `One at a time: ${held.map(textOf).join(', ')}.`);
  }
  return {
    all,
    poolOf(assets) {
      const [first] = holdings(assets);
      return first === undefined ? undefined : names.get(root(first));
    },
  };
}

const textOf = ({ kind, name }: Holding): string =>
  kind === 'pool' ? `the pool ${name}` : `the ${name}, which one process at a time may open`;
