import { parseDuration } from '../../runtime/declare/duration.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore } from '../../runtime/resource/run-store.ts';
import type { Output } from '../output.ts';

export interface PruneArguments {
  /** An age such as `30d`, or an instant or day. */
  readonly before: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Forgets the runs that finished before, and says how many. */
export async function pruneRuns(store: RunStore, { before: given, dryRun, json }: PruneArguments, output: Output): Promise<void> {
  const before = instantOf(given, Date.now());
  const pruned = await store.prune({ before, dryRun });
  if (json) return output.json({ before, dryRun, ...pruned });
  const counts = `${pruned.runs} ${pruned.runs === 1 ? 'run' : 'runs'} that finished before ${before}, with ${pruned.events} events`;
  output.print(dryRun ? `Would forget ${counts}.` : `Forgot ${counts}. What is recorded of assets is kept: nothing became stale.`);
}

/** The ISO instant of `--before`; USAGE where it is neither an age nor an instant. */
export function instantOf(before: string | undefined, now: number): string {
  const remedy = 'Give an age or an instant: --before 30d, --before 2026-01-31.';
  if (before === undefined) throw new SpindleError('USAGE', 'spindle runs prune needs --before.', { field: '--before', remedy });
  const isAge = /^[\d.]+[a-z]+$/.test(before);
  const instant = isAge ? now - parseDuration(before) : /^\d{4}-\d\d-\d\d/.test(before) ? Date.parse(before) : Number.NaN;
  if (Number.isNaN(new Date(instant).getTime()))
    throw new SpindleError('USAGE', `"${before}" is neither an age nor an instant.`, { field: '--before', remedy });
  return new Date(instant).toISOString();
}
