import type { CronSchedule } from '../../runtime/automation/cron.ts';
import type { Mapper } from './mapper.ts';

/** Assets whose new versions start a DAG, by key. */
export type AssetExpression =
  | { readonly kind: 'asset'; readonly key: string }
  | { readonly kind: 'any' | 'all'; readonly of: readonly AssetExpression[] };

/** When a DAG runs, and whether its runs carry a partition key. */
export type Schedule =
  | { readonly kind: 'none' }
  /** At each tick; of a single schedule, over the interval that ends with it. */
  | { readonly kind: 'time'; readonly crons: readonly CronSchedule[] }
  /** At each tick, for the partition that ended last. */
  | { readonly kind: 'partition'; readonly cron: CronSchedule; readonly keyFormat: string }
  | { readonly kind: 'assets'; readonly assets: AssetExpression }
  | { readonly kind: 'assets-or-time'; readonly assets: AssetExpression; readonly crons: readonly CronSchedule[] }
  /** For each partition that a new partition of the assets is mapped to. */
  | { readonly kind: 'partitioned-assets'; readonly assets: AssetExpression; readonly mappers: Readonly<Record<string, Mapper>> };

/** The keys of an expression, each once, in order. */
export function keysOfExpression(expression: AssetExpression): readonly string[] {
  return [...new Set(expression.kind === 'asset' ? [expression.key] : expression.of.flatMap(keysOfExpression))];
}

/** True where each run of the DAG has a partition key, which its asset events then carry. */
export const isKeyed = ({ kind }: Schedule): boolean => kind === 'partition' || kind === 'partitioned-assets';
