import type { StepName } from './step-name.ts';

/** The value of an asset without a store, or the result of a function that several assets share. */
export interface MadeOnce {
  readonly kind: 'value' | 'shared';
  readonly name: string;
  readonly partition: string | undefined;
}

/** Why a step was not done, or why what it made may not be used. */
export interface Failure {
  readonly cause: 'upstream-failed' | 'check-failed' | 'canceled';
  readonly reason: string;
}

/** What lives for one run alone: values of assets without a store, results of shared functions, and what went wrong. */
export interface RunMemory {
  /** The value of a step, made at most once. */
  once(thing: MadeOnce, make: () => Promise<unknown>): Promise<unknown>;
  /** Marks a step as not done, for its dependents. */
  fail(step: StepName, failure: Failure): void;
  /** Why a step, or (without a partition) any step of the asset, was not done. */
  failure(asset: string, partitions: readonly string[] | undefined): Failure | undefined;
}

export function createRunMemory(): RunMemory {
  const made = new Map<string, Promise<unknown>>();
  const failures = new Map<string, Map<string, Failure>>();
  return {
    once({ kind, name, partition }, make) {
      const id = JSON.stringify([kind, name, partition]);
      const known = made.get(id) ?? make();
      made.set(id, known);
      return known;
    },
    fail({ asset, partition = '' }, failure) {
      const steps = failures.get(asset) ?? new Map<string, Failure>();
      failures.set(asset, steps.set(partition, failure));
    },
    failure(asset, partitions) {
      const steps = failures.get(asset);
      if (steps === undefined) return undefined;
      if (partitions === undefined || steps.has('')) return steps.values().next().value;
      return partitions.map((partition) => steps.get(partition)).find((failure) => failure !== undefined);
    },
  };
}
