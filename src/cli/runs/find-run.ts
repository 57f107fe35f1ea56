import { didYouMean } from '../../runtime/closest.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { RunStore, RunSummary } from '../../runtime/resource/run-store.ts';

/** Digits of a run's id that lists show: enough to tell some ten thousand runs apart. */
export const SHORT_ID = 8;

/** The run whose id begins like this, or the newest one where nothing is given: RUN_UNKNOWN where there is none, or more than one. */
export async function findRun(store: RunStore, prefix: string | undefined): Promise<RunSummary> {
  const runs = await store.runs();
  const [newest] = runs;
  if (newest === undefined) throw new SpindleError('RUN_UNKNOWN', 'There is no run yet.', { remedy: 'Run: spindle materialize' });
  if (prefix === undefined) return newest;
  const found = runs.filter(({ run }) => run.startsWith(prefix.toLowerCase()));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const remedy = 'Run `spindle runs` to see them.';
  if (only !== undefined) {
    throw new SpindleError(
      'RUN_UNKNOWN',
      `${found.length} runs begin with "${prefix}": ${found
        .slice(0, 5)
        .map(({ run }) => run)
        .join(', ')}.`,
      {
        remedy: 'Give more of the id.',
      },
    );
  }
  const ids = runs.map(({ run }) => run.slice(0, Math.max(SHORT_ID, prefix.length)));
  throw new SpindleError('RUN_UNKNOWN', `There is no run "${prefix}".${didYouMean(prefix, ids)}`, { remedy });
}
