import fc from 'fast-check';

export const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06'] as const;
export const REGIONS = ['eu', 'us'] as const;

/** `number` and `events` are sources; `half` is one of two assets that a function yields, the other stands right before or behind it. */
export type Kind = 'number' | 'events' | 'value' | 'memory' | 'table' | 'half';
export type Divided = 'none' | 'daily' | 'static' | 'cross';
export type Reads = 'same' | 'window' | 'every' | 'after' | 'mapped';

export interface Edge {
  readonly up: number;
  readonly reads: Reads;
}

/** An asset, by its place in the list; it depends on those before it. */
export interface Node {
  readonly id: number;
  readonly kind: Kind;
  readonly divided: Divided;
  /** Its neighboring partitions are made in one call. */
  readonly range: boolean;
  readonly edges: readonly Edge[];
}

/** Something that happens between two runs. */
export type Change =
  | { readonly kind: 'code' | 'config' | 'source' | 'delete' | 'rename' | 'fail'; readonly at: number; readonly pick: number }
  | { readonly kind: 'day' };

/** Changes, and a run of all assets or, where a bit is set for each, of a part of them. */
export interface Round {
  readonly changes: readonly Change[];
  readonly part: number | undefined;
  readonly concurrency: number;
}

export interface Case {
  readonly nodes: readonly Node[];
  readonly rounds: readonly Round[];
}

interface Draw {
  readonly kind: Kind;
  readonly divided: Divided;
  readonly range: boolean;
  readonly edges: readonly { readonly up: number; readonly reads: number }[];
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom<Kind>('number', 'events', 'value', 'value', 'value', 'memory', 'table', 'table', 'half'),
  divided: fc.constantFrom<Divided>('none', 'none', 'daily', 'daily', 'static', 'cross'),
  range: fc.boolean(),
  edges: fc.array(fc.record({ up: fc.nat(9), reads: fc.nat(9) }), { maxLength: 3 }),
});

const isSource = ({ kind }: Pick<Node, 'kind'>) => kind === 'number' || kind === 'events';

/** How an asset may read another one, with what every kind of store and of partitions allows. */
function readings(node: Pick<Node, 'kind' | 'divided' | 'range'>, up: Node): readonly Reads[] {
  const rows = up.kind === 'table' || up.kind === 'events';
  if (up.kind === 'events') return node.divided === 'none' || node.divided === 'daily' ? ['same', 'after'] : ['after'];
  if (up.divided === 'none') return ['same', 'after'];
  if (node.range) return up.divided === 'daily' && rows ? ['same', 'after'] : ['after'];
  if (node.divided === 'none') return rows ? ['same', 'after'] : ['every', 'after'];
  if (node.divided === up.divided) {
    if (node.divided !== 'daily') return ['same', 'every', 'after'];
    return rows ? ['same', 'window', 'every', 'after'] : ['same', 'window', 'every', 'mapped', 'after'];
  }
  return node.divided === 'cross' && up.divided === 'daily' ? ['same', 'every', 'after'] : ['every', 'after'];
}

/** Makes assets of what was drawn: kinds, partitions and dependencies that fit together. */
function nodesOf(draws: readonly Draw[]): readonly Node[] {
  const nodes: Node[] = [];
  for (const { kind, divided, range, edges } of draws) {
    const source = isSource({ kind });
    const fitting = source || kind === 'half' ? 'none' : kind === 'table' && divided === 'cross' ? 'daily' : divided;
    const ranged = kind === 'table' && fitting === 'daily' && range;
    const shape = { kind, divided: fitting, range: ranged } as const;
    const known = source || nodes.length === 0 ? [] : edges.map(({ up, reads }) => ({ up: up % nodes.length, reads }));
    const own = known.map(({ up, reads }): Edge => {
      const ways = readings(shape, nodes[up] as Node);
      return { up, reads: ways[reads % ways.length] as Reads };
    });
    nodes.push({ id: nodes.length, ...shape, edges: own });
    if (kind === 'half') nodes.push({ id: nodes.length, ...shape, edges: own });
  }
  return nodes;
}

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constantFrom('code', 'code', 'config', 'source', 'source', 'delete', 'rename', 'fail'),
      at: fc.nat(9),
      pick: fc.nat(99),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'day' } as const) },
);

export const cases: fc.Arbitrary<Case> = fc.record({
  nodes: fc.array(draw, { minLength: 1, maxLength: 5 }).map(nodesOf),
  rounds: fc.array(
    fc.record({
      changes: fc.array(change, { maxLength: 2 }),
      part: fc.option(fc.nat(1023), { nil: undefined, freq: 2 }),
      concurrency: fc.constantFrom(1, 4),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});
