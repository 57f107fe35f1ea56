import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/step-name.ts';
import { stepText } from './event-line.ts';
import { holderText } from './holder-text.ts';

/** A step that is being worked on, or the partitions of an asset. */
export interface RunningStep {
  readonly name: string;
  /** Of the process's monotonic clock, milliseconds. */
  readonly started: number;
  readonly done: number;
  /** Where the step knows what there is to do. */
  readonly total: number | undefined;
  /** Of partitions: those that failed. */
  readonly failed?: number;
}

/** The steps of a run that have begun and not ended, in the order in which they began. */
export interface RunningSteps {
  listen(event: RunEvent): void;
  /** Of a step; or, of an asset as a whole that works on its partitions, how many of them are done. */
  progress(step: StepName, done: number, total: number | undefined): void;
  list(): readonly RunningStep[];
  /** The assets that work on their partitions. */
  assets(): readonly RunningStep[];
}

export function createRunningSteps(): RunningSteps {
  const steps = new Map<string, RunningStep>();
  const assets = new Map<string, RunningStep>();
  const failures = new Map<string, number>();
  /** Assets that run as a whole: what they tell after their end is about no partitions. */
  const wholes = new Set<string>();
  return {
    listen(event) {
      switch (event.type) {
        case 'step.started': {
          const name = stepText(event);
          if (event.partition === undefined) wholes.add(event.asset);
          steps.set(name, { name, started: performance.now(), done: 0, total: undefined });
          return;
        }
        case 'step.failed':
          failures.set(event.asset, (failures.get(event.asset) ?? 0) + 1);
          steps.delete(stepText(event));
          return;
        case 'step.waiting': {
          const name = `${stepText(event)} (waits for ${holderText(event.holder)})`;
          steps.set(stepText(event), { name, started: performance.now(), done: 0, total: undefined });
          return;
        }
        case 'asset.materialized':
        case 'step.skipped':
        case 'step.retried':
          steps.delete(stepText(event));
          return;
        case 'run.finished':
          steps.clear();
          assets.clear();
          return;
        case 'run.started':
        case 'asset.observed':
        case 'check.finished':
        case 'log':
        case 'partitions.added':
        case 'partitions.removed':
        case 'automation.fired':
          return;
      }
    },
    progress(step, done, total) {
      const name = stepText(step);
      const running = steps.get(name);
      if (running !== undefined) steps.set(name, { ...running, done, total });
      else if (step.partition !== undefined || wholes.has(name)) return;
      else if (done === total) assets.delete(name);
      else {
        const { started = performance.now() } = assets.get(name) ?? {};
        assets.set(name, { name, started, done, total, failed: failures.get(name) ?? 0 });
      }
    },
    list: () => [...steps.values()],
    assets: () => [...assets.values()],
  };
}
