import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { currentProcess, formatIdentity, hasEnded, parseIdentity } from '../../disk/process-identity.ts';

/** After so long, milliseconds, what a process of another host left is nobody's any more. */
const FORGOTTEN = 86_400_000;

/** A name for what one attempt of a load keeps at the server: `<process>+<time>+<random>`. */
export const newAttempt = (): string => `${formatIdentity(currentProcess())}+${Date.now()}+${randomUUID().slice(0, 8)}`;

/** Whether the attempt of a name, which the server may have written in capitals, has ended: processes of this host are asked for, of others it is told by their age. */
export function isOrphaned(attempt: string): boolean {
  const owner = parseIdentity(attempt);
  if (owner === undefined) return false;
  const since = Number(attempt.split('+')[3]);
  const isHere = owner.host.toLowerCase() === hostname().toLowerCase();
  return isHere ? hasEnded({ ...owner, host: hostname() }) : Number.isFinite(since) && Date.now() - since > FORGOTTEN;
}
