import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './file-error.ts';
import { currentProcess, formatIdentity, hasEnded, parseIdentity, type ProcessIdentity } from './process-identity.ts';

/** Either the lock, to be released, or who holds it and by which file. */
type LockAttempt =
  | { readonly held: true; release(): Promise<void> }
  | { readonly held: false; readonly owner: ProcessIdentity; readonly path: string };

/**
 * A lock among processes that share a folder, free again when its owner dies. Each contender first puts down an empty file named after
 * itself, then looks for others: of two that meet at least one sees the other and steps back, and a file is only ever removed by
 * its owner or after its owner's death, under a name that nobody will use again.
 */
async function tryLock(directory: string, name: string): Promise<LockAttempt> {
  const prefix = `${name}.lock+`;
  const me = currentProcess();
  const path = join(directory, prefix + formatIdentity(me));
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return { held: false, owner: me, path };
    throw error;
  }
  const release = () => rm(path, { force: true });
  for (const file of await readdir(directory)) {
    const other = join(directory, file);
    const owner = file.startsWith(prefix) && other !== path ? parseIdentity(file.slice(prefix.length)) : undefined;
    if (owner === undefined) continue;
    if (hasEnded(owner)) {
      await rm(other, { force: true });
    } else {
      await release();
      return { held: false, owner, path: other };
    }
  }
  return { held: true, release };
}

/** Takes the lock `name` in a folder, trying again for so many milliseconds while another holds it. */
export async function acquireLock(directory: string, name: string, patience: number): Promise<LockAttempt> {
  const deadline = performance.now() + patience;
  for (;;) {
    const attempt = await tryLock(directory, name);
    if (attempt.held || performance.now() >= deadline) return attempt;
    // at random, so that two that stepped back do not meet again
    await sleep(5 + Math.random() * 20);
  }
}
