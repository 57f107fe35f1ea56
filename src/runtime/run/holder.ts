import type { RunEvent } from './event.ts';

/** What claims are held by: a run, or one of its parts. No run's id has a slash. */
export function holderOf({ run, part }: Pick<RunEvent, 'run' | 'part'>): string {
  return part === undefined ? run : `${run}/${part}`;
}

/** The run, and the part where there is one. */
export function readHolder(holder: string): { readonly run: string; readonly part: string | undefined } {
  const at = holder.indexOf('/');
  return at < 0 ? { run: holder, part: undefined } : { run: holder.slice(0, at), part: holder.slice(at + 1) };
}
