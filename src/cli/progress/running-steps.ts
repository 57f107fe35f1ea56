import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/step-name.ts';
import { stepText } from './event-line.ts';

/** A step that is being worked on. */
export interface RunningStep {
  readonly name: string;
  /** Of the process's monotonic clock, milliseconds. */
  readonly started: number;
  readonly done: number;
  /** Where the step knows what there is to do. */
  readonly total: number | undefined;
}

/** The steps of a run that have begun and not ended, in the order in which they began. */
export interface RunningSteps {
  listen(event: RunEvent): void;
  progress(step: StepName, done: number, total: number | undefined): void;
  list(): readonly RunningStep[];
}

export function createRunningSteps(): RunningSteps {
  const steps = new Map<string, RunningStep>();
  return {
    listen(event) {
      switch (event.type) {
        case 'step.started': {
          const name = stepText(event);
          steps.set(name, { name, started: performance.now(), done: 0, total: undefined });
          return;
        }
        case 'asset.materialized':
        case 'step.failed':
        case 'step.skipped':
        case 'step.retried':
          steps.delete(stepText(event));
          return;
        case 'run.finished':
          steps.clear();
          return;
        case 'run.started':
        case 'asset.observed':
        case 'check.finished':
        case 'log':
          return;
      }
    },
    progress(step, done, total) {
      const name = stepText(step);
      const running = steps.get(name);
      if (running !== undefined) steps.set(name, { ...running, done, total });
    },
    list: () => [...steps.values()],
  };
}
