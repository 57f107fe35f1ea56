import type { Claim, RunStore } from '../resource/run-store.ts';
import { stamp, type RunContext } from './run-context.ts';
import { stepFields, type StepName } from './step-name.ts';

/** Milliseconds between two looks at a step that another run holds: the first, and the longest. */
const FIRST_POLL = 200;
const LONGEST_POLL = 1_000;

/** A step, or with `whole` all of its asset, that only one run at a time may make. */
export interface ExclusiveStep extends StepName {
  readonly whole: boolean;
}

/** Runs work in a slot of the run's concurrency. */
export type Enter = <T>(work: () => Promise<T>) => Promise<T>;

export interface InSlot {
  readonly enter: Enter;
  work(): Promise<void>;
}

/**
 * Does work on steps while no other run of the same run store, and no other part of this one, works on them. Waits outside of its slot, with none of the steps claimed, so
 * that runs never wait for each other in a circle. An aborted run is let in at once: it has nothing to do but to say so.
 */
export async function alone(run: RunContext, steps: readonly ExclusiveStep[], { enter, work }: InSlot): Promise<void> {
  const { runStore, clock, signal } = run;
  if (runStore === undefined || steps.length === 0) return enter(work);
  const claims = steps.map(({ asset, partition = '', whole }): Claim => ({ name: asset, part: partition, whole, run: run.holder }));
  const told = new Set<string>();
  for (let delay = FIRST_POLL; !signal.aborted; delay = Math.min(2 * delay, LONGEST_POLL)) {
    const against = await enter(() => claimed(runStore, claims, work));
    if (against === undefined) return;
    const { name, part } = against.wanted;
    if (!told.has(`${name}|${part}`)) {
      told.add(`${name}|${part}`);
      const step = stepFields({ asset: name, partition: part === '' ? undefined : part });
      await run.emit({ type: 'step.waiting', ...stamp(run), ...step, holder: against.standing.run });
    }
    await clock.sleep(delay, signal).catch(() => {}); // an abort ends the loop
  }
  return enter(work);
}

interface Conflict {
  readonly wanted: Claim;
  readonly standing: Claim;
}

/** Does the work under all of the claims; where one of another run stands against them, it does nothing, keeps none and tells which. */
async function claimed(store: RunStore, claims: readonly Claim[], work: () => Promise<void>): Promise<Conflict | undefined> {
  const taken: Claim[] = [];
  try {
    for (const wanted of claims) {
      const standing = await store.claim(wanted);
      if (standing !== undefined) return { wanted, standing };
      taken.push(wanted);
    }
    await work();
    return undefined;
  } finally {
    // not waited for: a store that fails here fails again at the end of the run, where all that the run has claimed is released
    for (const claim of taken) store.release(claim.run, claim).catch(() => {});
  }
}
