import { SpindleError } from '../errors.ts';
import type { Clock } from '../resource/clock.ts';
import type { Claim, RunStore } from '../resource/run-store.ts';
import { linkAbort } from './linked-abort.ts';

/** Milliseconds between two looks at the claim of another process. */
const LOOK = 1_000;
/** Milliseconds between two looks at the own claim: a run store that this process could not reach may have given it to another one. */
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

/**
 * Does the work as soon as no other process does it, and as long as none is known to: RUN_STORE_UNREACHABLE where another one took the claim, once the work has ended. A run store
 * that cannot be reached stops nothing: should another process begin meanwhile, the broker refuses whichever is not the last.
 */
export async function streamAlone(options: StreamAlone, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { runStore, clock, claim, signal } = options;
  const alone = linkAbort(signal);
  const over = new AbortController();
  let lost: SpindleError | undefined;
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(RENEW, over.signal).catch(() => {}); // the end is no error
      if (over.signal.aborted) return;
      if ((await takenBy(runStore, claim)) === undefined) continue;
      lost = takenError(claim.name);
      return alone.abort(lost);
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
  if (lost !== undefined && !signal.aborted) throw lost;
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

/** The claim that stands in the place of the own one; undefined where that is sure still, or nobody can say. */
async function takenBy(runStore: StreamAlone['runStore'], claim: Claim): Promise<Claim | undefined> {
  try {
    return await runStore.claim(claim);
  } catch {
    // A claim that was lost with its connection is to be given back before it can be had again.
    const again = runStore.release(claim.run, claim).then(() => runStore.claim(claim));
    return again.catch(() => undefined); // the next look asks again
  }
}

const takenError = (asset: string): SpindleError =>
  new SpindleError('RUN_STORE_UNREACHABLE', `${asset} is kept running by another process now, which found this one gone.`, {
    remedy: 'Nothing has to be done: this process takes its place when that one ends.',
    transient: true,
  });
