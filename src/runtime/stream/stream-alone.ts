import { SpindleError } from '../errors.ts';
import type { Clock } from '../resource/clock.ts';
import type { Claim, RunStore } from '../resource/run-store.ts';
import { linkAbort } from './linked-abort.ts';

/** Milliseconds between two looks at the claim of another process. */
const LOOK = 1_000;
/** Milliseconds between two looks at the own claim: a run store that was out of reach may have given it to another process. */
const RENEW = 2_000;
/** Milliseconds for which a process waits before it takes the place of another one: longer than that one needs to notice, if it still lives. */
const GRACE = 3_000;

export interface StreamAlone {
  readonly runStore: Pick<RunStore, 'claim' | 'release'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  readonly drain: AbortSignal;
  /** Another process has the claim. */
  waiting(holder: string): void;
  /** This process has it. */
  begun(): void;
}

/** Does the work as soon as no other process does it, and as long as the claim is this process's. RUN_STORE_UNREACHABLE where it was lost, once the work has ended. */
export async function streamAlone(options: StreamAlone, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { runStore, clock, claim, signal } = options;
  const alone = linkAbort(signal);
  const over = new AbortController();
  let lost: { readonly error: unknown } | undefined;
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(RENEW, over.signal).catch(() => {}); // the end is no error
      if (over.signal.aborted) return;
      const error = await claimError(runStore, claim);
      if (error === undefined) continue;
      lost = { error };
      return alone.abort(error);
    }
  };
  try {
    if (!(await takeTurn(options))) return;
    options.begun();
    void watch();
    await work(alone.signal);
  } finally {
    over.abort();
    alone.unlink();
    runStore.release(claim.run, claim).catch(() => {}); // that the run store is out of reach is told by others; the end of the process frees it too
  }
  if (lost !== undefined && !signal.aborted) throw lost.error;
}

/** False where it is told to end before the claim is this process's. */
async function takeTurn({ runStore, clock, claim, signal, drain, waiting }: StreamAlone): Promise<boolean> {
  const stopping = linkAbort(signal, drain);
  try {
    for (let waited = false; !stopping.signal.aborted; waited = true) {
      const standing = await runStore.claim(claim);
      if (standing === undefined && !waited) return true;
      if (standing === undefined) {
        await clock.sleep(GRACE, stopping.signal).catch(() => {}); // the end is no error
        if (stopping.signal.aborted) return false;
        if ((await runStore.claim(claim)) === undefined) return true;
        continue;
      }
      if (!waited) waiting(standing.run);
      await clock.sleep(LOOK, stopping.signal).catch(() => {}); // as above
    }
    return false;
  } finally {
    stopping.unlink();
  }
}

/** Why the claim is not this process's any more, or not surely. */
async function claimError(runStore: StreamAlone['runStore'], claim: Claim): Promise<unknown> {
  try {
    const standing = await runStore.claim(claim);
    return (
      standing &&
      new SpindleError('RUN_STORE_UNREACHABLE', `${claim.name} is kept running by another process now, which found this one gone.`, {
        remedy: 'Nothing has to be done: this process takes its place when that one ends.',
        transient: true,
      })
    );
  } catch (error) {
    return error;
  }
}
