import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process among all that may share a folder. `started` tells a process from a later one with the same pid; '0' where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** The start time of a live process in clock ticks since boot, undefined for one that has ended. Fields 3 and 22 of proc(5)'s /proc/pid/stat. */
function startOf(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) return isSignalable(pid) ? '0' : undefined;
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const stat = readFileSync(path, 'utf8');
  // the name of the program, in parentheses, may hold spaces and parentheses
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : (fields[18] ?? '0');
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function currentProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '0' };
}

/** True only where the process is known to have ended: never for one of another host. */
export function hasEnded({ pid, host, started }: ProcessIdentity): boolean {
  return host === hostname() && startOf(pid) !== started;
}

/** The identity as a part of a file name; ends before the first `+` that follows. */
export function formatIdentity({ pid, started, host }: ProcessIdentity): string {
  return `${pid}+${started}+${encodeURIComponent(host)}`;
}

/** Reads back what {@link formatIdentity} wrote, ignoring what follows a further `+`. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [pid, started, host] = text.split('+');
  if (pid === undefined || started === undefined || host === undefined || !/^\d+$/.test(pid)) return undefined;
  return { pid: Number(pid), started, host: decodeURIComponent(host) };
}
