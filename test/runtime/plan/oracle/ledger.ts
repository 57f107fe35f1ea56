import type { RunEvent } from 'spindle';
import { due, read, sourceNumbers, type Facts } from './interpreter.ts';
import { DAYS, type Node } from './shape.ts';

/** What the oracle itself keeps of each asset and partition, by what was said to have been made and what then lay in the stores. */
export interface Ledger {
  /** The partitions that were ever made. */
  made(id: number): readonly string[];
  delete(id: number, key: string): void;
  /** Why a step may run: it has never been made, its data is gone, it failed, or something that it is made of differs. Undefined where it could be left out. */
  reason(id: number, key: string): string | undefined;
  /** Takes down what a run made, in the order of the assets; `held` reads what lies in the stores now. Gives what went wrong. */
  note(steps: Steps, held: (id: number, key: string) => number | undefined): readonly string[];
  /** The partitions that are not as they should be. */
  stale(id: number): readonly string[];
}

export interface Steps {
  readonly made: readonly Step[];
  readonly failed: readonly Step[];
  readonly skipped: readonly Step[];
}

/** One step, of one partition or of neighbors. */
export interface Step {
  readonly id: number;
  readonly keys: readonly string[];
}

interface Entry {
  readonly ingredients: string;
  /** What dependents compare. */
  readonly version: string;
}

export function createLedger(facts: () => Facts): Ledger {
  const entries = new Map<string, Entry>();
  const gone = new Set<string>();
  const failed = new Set<string>();
  const place = (id: number, key: string) => `${id}:${key}`;
  const made = (id: number): readonly string[] =>
    [...entries.keys()].flatMap((each) => (each.startsWith(`${id}:`) ? [each.slice(`${id}:`.length)] : [])).toSorted();
  const version = (id: number, key: string) => (gone.has(place(id, key)) ? undefined : entries.get(place(id, key))?.version);

  /** All that a step's result follows from, as versions. */
  const ingredients = ({ id, divided, edges, ...node }: Node, key: string): string => {
    const { nodes, code, config } = facts();
    const inputs = edges.map(({ up: from, reads }) => {
      const up = nodes[from] as Node;
      if (reads === 'after') return null;
      if (up.kind === 'number' || up.kind === 'events') {
        const numbers = sourceNumbers(facts(), from, divided === 'daily' ? key : undefined);
        return numbers.length === 0 ? null : numbers;
      }
      if (up.divided === 'none') return version(from, '') ?? null;
      const keys = read({ id, divided, edges, ...node }, key, { up: { ...up, reads }, made: made(from) });
      return keys.length === 0 ? null : keys.map((each) => [each, version(from, each) ?? null]);
    });
    return JSON.stringify([code(id), config(id), inputs]);
  };
  const reason = (id: number, key: string): string | undefined => {
    const entry = entries.get(place(id, key));
    if (entry === undefined) return 'never made';
    if (gone.has(place(id, key))) return 'gone';
    if (failed.has(place(id, key))) return 'failed';
    const now = ingredients(facts().nodes[id] as Node, key);
    return now === entry.ingredients ? undefined : `${entry.ingredients} is now ${now}`;
  };

  return {
    made,
    reason,
    delete: (id, key) => void gone.add(place(id, key)),
    note(steps, held) {
      const wrong: string[] = [];
      for (const { id, keys } of steps.made.toSorted((one, other) => one.id - other.id)) {
        const node = facts().nodes[id] as Node;
        // Of an asset without a store dependents know what it is made of, of another one what it holds; neighbors that were made together have one version.
        const versions = node.kind === 'memory' ? undefined : JSON.stringify(keys.map((key) => [key, held(id, key)]));
        for (const key of keys) if (reason(id, key) === undefined) wrong.push(`${place(id, key)} ran and could have been left out`);
        const noted = keys.map((key) => [key, ingredients(node, key)] as const);
        for (const [key, of] of noted) {
          entries.set(place(id, key), { ingredients: of, version: versions ?? of });
          gone.delete(place(id, key));
          failed.delete(place(id, key));
        }
      }
      for (const { id, keys } of steps.failed) for (const key of keys) failed.add(place(id, key));
      return wrong;
    },
    stale: (id) => due(facts().nodes[id] as Node, facts(), made).filter((key) => reason(id, key) !== undefined),
  };
}

/** What a run did, by the events that it told. */
export function stepsOf(events: readonly RunEvent[], idOf: (asset: string) => number): Steps {
  const of = (matches: (event: RunEvent) => boolean): readonly Step[] =>
    events.flatMap((event) => (matches(event) && 'asset' in event ? [{ id: idOf(event.asset), keys: keysOf(event.partition) }] : []));
  return {
    made: of(({ type }) => type === 'asset.materialized'),
    failed: of(({ type }) => type === 'step.failed'),
    skipped: of((event) => event.type === 'step.skipped' && event.cause !== 'fresh'),
  };
}

/** The partitions that a key means, which may be a range of days. */
export function keysOf(partition = ''): readonly string[] {
  const [first, last] = partition.split('..');
  return last === undefined ? [partition] : DAYS.filter((day) => day >= (first ?? '') && day <= last);
}
