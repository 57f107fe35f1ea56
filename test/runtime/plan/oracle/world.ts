import {
  after,
  asset,
  assets,
  configure,
  every,
  mapped,
  partitions,
  source,
  table,
  value,
  window,
  type Asset,
  type Configured,
} from 'spindle';
import { z } from 'zod';
import { createMemoryObjectStore } from '../../../../src/drivers/object-store/memory.ts';
import { createMemoryRunStore } from '../../../../src/drivers/run-store/memory.ts';
import { createMemoryWarehouse } from '../../../../src/drivers/warehouse/memory.ts';
import { columnsOf } from '../../../../src/runtime/schema/columns-of.ts';
import { digest } from '../../../../src/runtime/digest.ts';
import { compute, type Facts } from './interpreter.ts';
import { DAYS, REGIONS, type Change, type Edge, type Node } from './shape.ts';

const Part = z.object({ part: z.string(), n: z.int() });
const Day = z.object({ part: z.iso.date(), n: z.int() });
const Event = z.object({ at: z.iso.datetime(), n: z.int() });
const daily = partitions.daily({ start: DAYS[0] });
const regions = partitions.of(REGIONS);
const DIVIDED = { none: undefined, daily, static: regions, cross: partitions.cross({ day: daily, region: regions }) } as const;

type Table = { all(): Promise<readonly { readonly part?: string; readonly at?: string; readonly n: number }[]> };

/** Everything that a case changes: what sources hold, the code and the settings of each asset, its name, and what its function does next. */
export interface World {
  readonly facts: Facts;
  readonly resources: {
    readonly lake: ReturnType<typeof createMemoryObjectStore>;
    readonly warehouse: ReturnType<typeof createMemoryWarehouse>;
  };
  readonly runStore: ReturnType<typeof createMemoryRunStore>;
  /** A little later each time, on the last day that has begun. */
  now(): string;
  assets(): readonly Asset[];
  config(assets: readonly Asset[]): readonly Configured[];
  /** The assets whose functions throw in the next run. */
  readonly failing: Set<number>;
  prepare(): Promise<void>;
  apply(change: Change): Promise<{ readonly deleted?: { readonly id: number; readonly key: string } }>;
}

export function createWorld(nodes: readonly Node[], madeOf: (id: number) => readonly string[]): World {
  const resources = { lake: createMemoryObjectStore(), warehouse: createMemoryWarehouse() };
  const codes = nodes.map(() => 1);
  const configs = nodes.map(() => 0);
  const names = nodes.map(({ id }) => [`n${id}`]);
  const numbers = nodes.map(({ id }) => id);
  const events = nodes.map((): (readonly [string, number])[] => []);
  const failing = new Set<number>();
  let days = 4;
  let asked = 0;
  const facts: Facts = {
    nodes,
    get days() {
      return days;
    },
    code: (id) => codes[id] as number,
    config: (id) => configs[id] as number,
    source: (id) => (nodes[id]?.kind === 'events' ? (events[id] ?? []).toSorted() : (numbers[id] as number)),
  };
  const nameOf = (id: number): string => names[id]?.at(-1) as string;

  const putNumber = async (id: number) => {
    const body = Buffer.from(JSON.stringify(numbers[id]));
    await resources.lake.put(`values/${nameOf(id)}.json`, body, { 'spindle-version': digest(body) });
  };
  const putEvent = async (id: number, day: string, n: number) => {
    const held = events[id] ?? [];
    held.push([day, n]);
    const name = `x.n${id}`;
    const columns = columnsOf(Event, { asset: name });
    const rows = [{ at: `${day}T0${n}:00:00.000Z`, n }];
    await resources.warehouse.write({
      table: { name, columns, key: [], generation: 'outside' },
      mode: 'append',
      rows,
      identity: `${name}#${held.length}`,
    });
  };

  return {
    facts,
    resources,
    runStore: createMemoryRunStore(),
    failing,
    now: () => `${DAYS[days - 1]}T12:${String(asked++).padStart(2, '0')}:00Z`,
    assets: () => buildAssets({ facts, names, failing }),
    config: (built) =>
      built.flatMap((each, id) => (each.definition.config === undefined ? [] : [configure(each, { c: configs[id] } as never)])),
    async prepare() {
      for (const { id, kind } of nodes) {
        if (kind === 'number') await putNumber(id);
        if (kind === 'events') for (const day of [DAYS[0], DAYS[2]]) await putEvent(id, day, 1);
      }
    },
    async apply(change) {
      if (change.kind === 'day') {
        days = Math.min(days + 1, DAYS.length);
        return {};
      }
      const { pick } = change;
      const fitting = nodes.filter(({ kind }) => (change.kind === 'source') === (kind === 'number' || kind === 'events'));
      const node = fitting[change.at % Math.max(1, fitting.length)];
      if (node === undefined) return {};
      const { id, kind } = node;
      // Two assets of one function have one code, and are renamed by themselves.
      const pair = kind === 'half' ? [id, partnerOf(nodes, id)] : [id];
      switch (change.kind) {
        case 'code':
          for (const each of pair) codes[each] = 1 + (pick % 3);
          return {};
        case 'config':
          for (const each of pair) configs[each] = pick % 3;
          return {};
        case 'source':
          if (kind === 'events') await putEvent(id, DAYS[pick % (days - 1)] as string, 1 + (pick % 3));
          else {
            numbers[id] = pick % 3;
            await putNumber(id);
          }
          return {};
        case 'fail':
          for (const each of pair) failing.add(each);
          return {};
        case 'rename':
          names[id]?.push(`${nameOf(id).split('-')[0]}-${names[id]?.length}`);
          return {};
        case 'delete': {
          const made = madeOf(id);
          const key = made[pick % Math.max(1, made.length)];
          if (key === undefined || (kind !== 'value' && kind !== 'half')) return {};
          for (const name of names[id] ?? [])
            await resources.lake.delete(key === '' ? `values/${name}.json` : `values/${name}/${encodeURIComponent(key)}.json`);
          return { deleted: { id, key } };
        }
      }
    },
  };
}

/** Of two assets of one function, the first comes right before the second. */
function partnerOf(nodes: readonly Node[], id: number): number {
  let first = id;
  while (nodes[first - 1]?.kind === 'half') first--;
  return (id - first) % 2 === 0 ? id + 1 : id - 1;
}

interface Building {
  readonly facts: Facts;
  readonly names: readonly (readonly string[])[];
  readonly failing: ReadonlySet<number>;
}

function buildAssets({ facts, names, failing }: Building): readonly Asset[] {
  const { nodes } = facts;
  const built: Asset[] = [];
  const nameOf = (id: number) => ({ key: names[id]?.at(-1) as string, formerly: names[id]?.slice(0, -1) as string[] });
  for (const node of nodes) {
    const { id, kind, divided, edges, range } = node;
    if (built[id] !== undefined) continue;
    const { key, formerly } = nameOf(id);
    const deps = Object.fromEntries(edges.map((edge, index) => [`d${index}`, dependency(edge, built[edge.up] as Asset)]));
    const numberOf = (of: number, partition: string, inputs: Inputs) => {
      if (failing.has(of)) throw new Error('as it was told to');
      return compute({ id: of, code: facts.code(of), config: facts.config(of), key: partition }, inputs);
    };
    const spec = {
      deps,
      formerly,
      codeVersion: `v${facts.code(id)}`,
      config: z.object({ c: z.int().default(0) }),
      partitions: DIVIDED[divided],
    } as const;
    switch (kind) {
      case 'number':
        built.push(source(key, { store: value(z.int()) }) as Asset);
        break;
      case 'events':
        built.push(source(key, { store: table(`x.n${id}`, Event, { write: 'append', partitionBy: 'at' }) }) as Asset);
        break;
      case 'half': {
        const partner = id + 1;
        const outputs = { a: { ...nameOf(id), store: value(z.int()) }, b: { ...nameOf(partner), store: value(z.int()) } };
        const { a, b } = assets({ outputs, deps, codeVersion: spec.codeVersion, config: spec.config }).run(async (given) => {
          const inputs = await readAll(facts, node, { given, day: undefined });
          return { a: numberOf(id, '', inputs), b: numberOf(partner, '', inputs) };
        });
        built.push(a as Asset, b as Asset);
        break;
      }
      case 'value':
      case 'memory':
        built.push(
          asset(key, { ...spec, ...(kind === 'value' && { store: value(z.int()) }) } as typeof spec & {
            store: ReturnType<typeof value<number>>;
          }).run(async (given, context) =>
            numberOf(id, partitionOf(context), await readAll(facts, node, { given, day: undefined })),
          ) as Asset,
        );
        break;
      case 'table': {
        const schema = divided === 'daily' ? Day : Part;
        const store = table(`x.n${id}`, schema, divided === 'none' ? {} : { partitionBy: 'part' });
        built.push(
          asset(key, { ...spec, store, backfill: range ? 'range' : 'each' }).run(async (given, context) => {
            const parts = range ? daysOf(context as never) : [partitionOf(context)];
            return Promise.all(
              parts.map(async (part) => ({
                part,
                n: numberOf(id, part, await readAll(facts, node, { given, day: range ? part : undefined })),
              })),
            );
          }) as Asset,
        );
      }
    }
  }
  return built;
}

function dependency({ reads }: Edge, up: Asset) {
  switch (reads) {
    case 'same':
      return up;
    case 'window':
      return window(up as never, { from: -1, to: 0 });
    case 'every':
      return every(up as never);
    case 'after':
      return after(up);
    case 'mapped':
      return mapped(up as never, { upstream: (key) => [key, DAYS[0]], downstream: (key) => (key === DAYS[0] ? DAYS : [key]) });
  }
}

type Inputs = readonly (readonly number[])[];

function partitionOf(context: object): string {
  const { partition } = context as {
    partition?: string | { readonly key?: string; readonly day?: { readonly key: string }; readonly region?: string };
  };
  if (typeof partition !== 'object') return partition ?? '';
  return partition.key ?? `day=${partition.day?.key}|region=${partition.region}`;
}

function daysOf({ partition: { start, end } }: { readonly partition: { readonly start: Date; readonly end: Date } }): readonly string[] {
  return DAYS.filter((day) => Date.parse(day) >= start.getTime() && Date.parse(day) < end.getTime());
}

/** The numbers of each input that is more than an order; with `day` those of that day alone, of inputs that have days. */
async function readAll(
  { nodes }: Facts,
  { edges }: Node,
  { given, day }: { readonly given: object; readonly day: string | undefined },
): Promise<Inputs> {
  const inputs = edges.map(async ({ up: id, reads }, index): Promise<readonly (readonly number[])[]> => {
    const up = nodes[id] as Node;
    const input = (given as Record<string, unknown>)[`d${index}`];
    if (reads === 'after') return [];
    if (up.kind === 'table' || up.kind === 'events') {
      const rows = (await (input as Table).all()).map(({ part, at = '', n }) => [part ?? at.slice(0, 10), n] as const);
      const wanted = day === undefined || (up.divided === 'none' && up.kind === 'table') ? rows : rows.filter(([each]) => each === day);
      return [wanted.toSorted().map(([, n]) => n)];
    }
    return [input instanceof Map ? [...(input as Map<string, number>)].toSorted().map(([, n]) => n) : ([input].flat() as number[])];
  });
  return (await Promise.all(inputs)).flat();
}
