import { randomUUID } from 'node:crypto';
import { currentProcess, formatIdentity, parseIdentity } from '../../drivers/disk/process-identity.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Claim, RunStore } from '../../runtime/resource/run-store.ts';

const NAME = '@daemon';
const PLACE = { name: NAME, part: '' } as const;

/** Makes this process the one daemon of the run store, until the returned function gives that back. DAEMON_RUNNING where another is; with `takeOver` that one's claim is ended first. */
export async function claimDaemon(
  store: RunStore,
  { now, takeOver }: { readonly now: Date; readonly takeOver: boolean },
): Promise<() => Promise<void>> {
  const run = `daemon ${now.toISOString()} ${randomUUID()}`;
  const claim: Claim = { ...PLACE, whole: true, run, process: formatIdentity(currentProcess()) };
  let holder = await store.claim(claim);
  if (holder !== undefined && takeOver) {
    await store.release(holder.run, PLACE);
    holder = await store.claim(claim);
  }
  if (holder !== undefined) throw runningError(holder);
  return () => store.release(run, PLACE);
}

function runningError({ run, process: text = '' }: Claim): SpindleError {
  const identity = parseIdentity(text);
  const [, since] = run.split(' ');
  const who = identity === undefined ? '' : `: process ${identity.pid} on ${identity.host}`;
  return new SpindleError(
    'DAEMON_RUNNING',
    `A daemon follows the schedules of this run store already${who}${since === undefined ? '' : `, since ${since}`}.`,
    {
      remedy:
        'Stop that one first: one process follows the schedules. Where its machine or container is gone for good, take its place with --take-over.',
    },
  );
}
