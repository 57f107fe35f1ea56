import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import type { Assessing } from '../plan/assess.ts';
import type { RequestedPartition } from '../plan/requested-partition.ts';
import type { Clock } from '../resource/clock.ts';
import type { Faults } from '../resource/faults.ts';
import type { RunStore } from '../resource/run-store.ts';
import type { ExternalTask, RunEvent } from './event.ts';
import type { Interrupt } from './interrupt.ts';
import type { Given } from './fixture.ts';
import type { RunMemory } from './memory.ts';
import type { StepName } from './step-name.ts';

/** Opens the resources that a run needs, each once; RESOURCE_MISSING where the environment has none of that name. */
export interface ResourceOpener {
  open(name: string): Promise<unknown>;
}

/** Which steps of the selected assets a run has to do with. */
export interface RunScope {
  /** True for what this run made before it was stopped: that is not made again. */
  done?(step: StepName): boolean;
  /** The only partitions of an asset that the run has to do with, as keys and range keys; undefined for all of them. */
  includes?(asset: string): Iterable<string> | undefined;
  /** Why a step is to be done even where nothing else calls for it; it was last done at the given ISO instant. */
  asked?(step: StepName, materializedAt: string): string | undefined;
}

/** Everything that the parts of one run share. */
export interface RunContext extends Assessing {
  readonly run: string;
  /** The name of the project, where there is one. */
  readonly project: string | undefined;
  /** Which part of the run this process is, where there are several. */
  readonly part: string | undefined;
  /** Names the run, or the part of it, among all that claim steps. */
  readonly holder: string;
  /** The task of another system that the part is. That system tries again by itself: each step has one attempt, of the number of the try. */
  readonly external: ExternalTask | undefined;
  readonly graph: Graph;
  readonly seed: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Stops waiting when `signal` fires. */
  readonly interrupt: Interrupt;
  readonly faults: Faults;
  readonly resources: ResourceOpener;
  /** True where others run the checks that are functions. */
  readonly skipsChecks: boolean;
  /** Steps at once. */
  readonly concurrency: number;
  /** The partition that was asked for, of the assets that have partitions. */
  readonly request: RequestedPartition | undefined;
  readonly selected: ReadonlySet<string>;
  readonly memory: RunMemory;
  config(asset: AssetDefinition): Readonly<Record<string, unknown>>;
  given(asset: string): readonly Given[];
  /** Where the run is recorded, and where it claims its steps among other runs; undefined where it is the only one. */
  readonly runStore: RunStore | undefined;
  /** Records events: in the run's own record, at the listeners and in the run store, in this order of telling. */
  emit(...events: readonly RunEvent[]): Promise<void>;
  /** How far a step has come: for the person who watches, not for the log. */
  progress(step: StepName, done: number, total: number | undefined): void;
}

/** The part of an event that says when and in which run. */
export const stamp = ({ run, part, clock }: RunContext): { readonly run: string; readonly at: string; readonly part?: string } => ({
  run,
  at: clock.now().toISOString(),
  ...(part !== undefined && { part }),
});
