import type { AssetDefinition } from '../declare/definition.ts';
import { parseDuration } from '../declare/duration.ts';
import { seededRandom } from './random.ts';
import type { RunContext } from './run-context.ts';

/** Milliseconds. */
export const LONGEST_RETRY_DELAY = 300_000;

/** Full jitter over an exponential (or fixed) delay, so that steps that failed together do not return together. Milliseconds. */
export function retryDelay(
  { seed }: Pick<RunContext, 'seed'>,
  { key, retry }: AssetDefinition,
  { partition, attempt }: { readonly partition: string | undefined; readonly attempt: number },
): number {
  const base = parseDuration(retry.delay) * (retry.backoff === 'exponential' ? 2 ** (attempt - 1) : 1);
  const random = seededRandom(seed, 'retry', key, partition ?? '', attempt);
  return Math.round(Math.min(LONGEST_RETRY_DELAY, base) * (0.5 + random() / 2));
}
