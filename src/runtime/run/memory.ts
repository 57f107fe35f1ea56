import type { PartitionSet } from '../partitions/set.ts';
import type { StepName } from './step-name.ts';

/** The value of an asset without a store, the result of a function that several assets share, or that tests have run. */
export interface MadeOnce {
  readonly kind: 'value' | 'shared' | 'tests';
  readonly name: string;
  readonly partition: string | undefined;
  /** Of a shared function: each attempt is a call of its own. */
  readonly attempt?: number | undefined;
}

/** Why a step was not done, or why what it made may not be used. */
export interface Failure {
  readonly cause: 'upstream-failed' | 'check-failed' | 'canceled';
  readonly reason: string;
}

/** What lives for one run alone: values of assets without a store, results of shared functions, and what went wrong. */
export interface RunMemory {
  /** The value of a step, made at most once; where that fails, whoever asks next makes it anew. */
  once(thing: MadeOnce, make: () => Promise<unknown>): Promise<unknown>;
  /** Marks a step as not done, for its dependents. */
  fail(step: StepName, failure: Failure): void;
  /** The partitions of an asset that were not done. */
  unmade(asset: string): Iterable<string>;
  /** Keeps the error that ended a step, with its stack: the log keeps its message alone. */
  caught(step: StepName, error: unknown): void;
  /** That error, where one of this step was caught. */
  errorOf(step: StepName): unknown;
  /** Why a step of the asset was not done: of one of these partitions, or (without them) of any. */
  failure(asset: string, partitions?: PartitionSet): Failure | undefined;
}

/** `rangeOf` gives the partitions of a range key: a range that failed marks each of them. */
export function createRunMemory(rangeOf: (asset: string, partition: string) => Iterable<string> | undefined): RunMemory {
  const made = new Map<string, Promise<unknown>>();
  const failures = new Map<string, Map<string, Failure>>();
  const errors = new Map<string, unknown>();
  const nameOf = ({ asset, partition = '' }: StepName): string => `${asset}\n${partition}`;
  return {
    once({ kind, name, partition, attempt }, make) {
      const id = JSON.stringify([kind, name, partition, attempt]);
      const known = made.get(id);
      if (known !== undefined) return known;
      const making = make();
      made.set(id, making);
      making.catch(() => made.delete(id));
      return making;
    },
    fail({ asset, partition = '' }, failure) {
      const steps = failures.get(asset) ?? new Map<string, Failure>();
      failures.set(asset, steps);
      for (const key of rangeOf(asset, partition) ?? [partition]) steps.set(key, failure);
    },
    unmade: (asset) => [...(failures.get(asset)?.keys() ?? [])].filter((partition) => partition !== ''),
    caught: (step, error) => void errors.set(nameOf(step), error),
    errorOf: (step) => errors.get(nameOf(step)),
    failure(asset, partitions) {
      const steps = failures.get(asset);
      if (steps === undefined) return undefined;
      if (partitions === undefined || steps.has('')) return steps.values().next().value;
      if (partitions.count() > steps.size) return [...steps].find(([key]) => partitions.has(key))?.[1];
      for (const key of partitions.keys()) if (steps.has(key)) return steps.get(key);
      return undefined;
    },
  };
}
