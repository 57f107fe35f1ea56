import { DAYS, REGIONS, type Edge, type Node } from './shape.ts';

/** What the outside world, the code and the settings are: all that values follow from. */
export interface Facts {
  readonly nodes: readonly Node[];
  /** Days that have begun; the last one is not over. */
  readonly days: number;
  code(id: number): number;
  config(id: number): number;
  /** What a source holds: one number, or numbers by day. */
  source(id: number): number | readonly (readonly [day: string, n: number])[];
}

export interface Settings {
  readonly id: number;
  readonly code: number;
  readonly config: number;
  readonly key: string;
}

/** The one function of all assets: small numbers, so that different inputs often give the same. */
export function compute(settings: Settings, inputs: readonly (readonly number[])[]): number {
  let hash = 7;
  for (const character of JSON.stringify([settings.id, settings.code, settings.config, settings.key, inputs]))
    hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return (hash >>> 7) % 3;
}

const WHOLE = '';
const sorted = (keys: Iterable<string>): readonly string[] => [...new Set(keys)].toSorted();
const crossKey = (day: string, region: string): string => `day=${day}|region=${region}`;
const dayOf = (key: string): string => /\d{4}-\d\d-\d\d/.exec(key)?.[0] ?? '';

/** The partitions that exist: days that have begun. */
export function existing({ divided }: Node, days: number): readonly string[] {
  const begun = DAYS.slice(0, days);
  switch (divided) {
    case 'none':
      return [WHOLE];
    case 'daily':
      return begun;
    case 'static':
      return REGIONS;
    case 'cross':
      return begun.flatMap((day) => REGIONS.map((region) => crossKey(day, region)));
  }
}

/** The upstream's partitions that one partition reads, as far as they are there. */
export function read(
  node: Node,
  key: string,
  { up, made }: { readonly up: Node & { readonly reads: Edge['reads'] }; readonly made: readonly string[] },
): readonly string[] {
  if (up.divided === 'none') return made;
  switch (up.reads) {
    case 'after':
      return [];
    case 'every':
      return made;
    case 'window':
      return made.filter((each) => each === key || DAYS.indexOf(each as never) === DAYS.indexOf(key as never) - 1);
    case 'mapped':
      return made.filter((each) => each === key || each === DAYS[0]);
    case 'same':
      if (node.divided === 'none') return made;
      return made.filter((each) => (node.divided === 'cross' && up.divided === 'daily' ? each === dayOf(key) : each === key));
  }
}

/** The partitions that are worth asking about: those for which something upstream is there, and nothing that is stored is not; where nothing tells, those that are over. */
export function due(node: Node, facts: Facts, madeOf: (id: number) => readonly string[]): readonly string[] {
  if (node.divided === 'none') return [WHOLE];
  const all = existing(node, facts.days);
  const current = DAYS[facts.days - 1] ?? '';
  const told = node.edges.flatMap(({ up: id, reads }): readonly { readonly keys: readonly string[]; readonly stored: boolean }[] => {
    const up = facts.nodes[id] as Node;
    if (reads === 'after') return [];
    if (up.kind === 'events')
      return [{ keys: (facts.source(id) as readonly (readonly [string, number])[]).map(([day]) => day), stored: false }];
    if (up.divided === 'none') return [];
    const made = madeOf(id);
    // A window is due once its own day is over, or is there.
    const early = (key: string) =>
      reads === 'window' && dayOf(key) === current && !made.some((each) => each === key || each === dayOf(key));
    const readBy = (key: string) => (reads === 'every' ? made : read(node, key, { up: { ...up, reads }, made }));
    const keys = all.filter((key) => readBy(key).length > 0 && !early(key));
    return [{ keys, stored: up.kind !== 'memory' || made.length > 0 }];
  });
  if (told.length > 0) {
    const needed = told.filter(({ stored }) => stored);
    return sorted(told.flatMap(({ keys }) => keys)).filter((key) => needed.every(({ keys }) => keys.includes(key)));
  }
  return node.divided === 'static' ? all : all.filter((key) => dayOf(key) !== current);
}

/** What a source holds for one partition of a dependent: all of it, or its day. */
export function sourceNumbers(facts: Facts, id: number, day: string | undefined): readonly number[] {
  const held = facts.source(id);
  if (typeof held === 'number') return [held];
  return held.filter(([each]) => day === undefined || each === day).map(([, n]) => n);
}

/** Everything from nothing: for each asset, what each of its partitions holds. */
export function fromScratch(facts: Facts): readonly ReadonlyMap<string, number>[] {
  const held: Map<string, number>[] = [];
  for (const node of facts.nodes) {
    const own = new Map<string, number>();
    held.push(own);
    if (node.kind === 'number' || node.kind === 'events') continue;
    const { id } = node;
    for (const key of due(node, facts, (up) => sorted(held[up]?.keys() ?? []))) {
      const inputs = node.edges.flatMap(({ up: from, reads }) => {
        const up = facts.nodes[from] as Node;
        if (reads === 'after') return [];
        if (up.kind === 'number' || up.kind === 'events') return [sourceNumbers(facts, from, node.divided === 'daily' ? key : undefined)];
        const made = sorted(held[from]?.keys() ?? []);
        return [read(node, key, { up: { ...up, reads }, made }).map((each) => held[from]?.get(each) as number)];
      });
      own.set(key, compute({ id, code: facts.code(id), config: facts.config(id), key }, inputs));
    }
  }
  return held;
}
