import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { hasEnded, parseIdentity, type ProcessIdentity } from '../../drivers/disk/process-identity.ts';
import type { Finding } from './finding.ts';

interface Holder extends ProcessIdentity {
  /** What is held, relative to the folder around the state folder. */
  readonly path: string;
  /** What the process does there, where it says so. */
  readonly holder?: string;
}

/** Which processes hold parts of the state folder: the embedded broker's lock, the warehouse's lease. One that was left by a process that ended is in nobody's way. */
export function examineLocks(folder: string): readonly Finding[] {
  const check = 'locks';
  const holders = findHolders(folder).filter((holder) => !hasEnded(holder));
  if (holders.length === 0) return [{ check, status: 'ok', message: 'no other process uses the state folder' }];
  return holders.map(({ path, pid, host, holder }) => ({
    check,
    status: 'warn',
    message: `${path} is held by process ${pid} on ${host}${holder === undefined ? '' : ` (${holder})`}`,
    remedy: 'Commands that need it wait for that process, or fail after a while.',
  }));
}

/** Drivers put them into the environment's folder or one below it; the lake's and Python's many files lie deeper or aside. */
function findHolders(folder: string): Holder[] {
  const environments = foldersIn(folder).filter((path) => !['python', 'cache'].includes(basename(path)));
  const places = environments.flatMap((environment) => [environment, ...foldersIn(environment)]);
  return places.flatMap((place) =>
    readdirSync(place).flatMap((name) => {
      const identity = identityIn(join(place, name));
      return identity === undefined
        ? []
        : [{ ...identity, path: relative(dirname(folder), join(place, name)).replace(/\.lock\+.*$|\.lease$/, '') }];
    }),
  );
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** A lock carries its owner in its name, `<name>.lock+<identity>`; a lease in its content. */
function identityIn(path: string): Omit<Holder, 'path'> | undefined {
  const [, lock] = /\.lock\+(.+)$/.exec(basename(path)) ?? [];
  if (lock !== undefined) return parseIdentity(lock);
  if (!path.endsWith('.lease')) return undefined;
  const text = readFileSync(path, 'utf8');
  return text.endsWith('}') ? (JSON.parse(text) as Omit<Holder, 'path'>) : undefined;
}
