import type { Asset } from '../declare/asset.ts';

/** When an asset should be materialized without being asked: data, read by one evaluator. */
export type Condition =
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  | { readonly kind: 'eager' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'updated'; readonly assets: readonly string[] }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

export interface Automation {
  readonly condition: Condition;
}

const automation = (condition: Condition): Automation => ({ condition });

/** At each tick of a five-field cron expression, in the given time zone (UTC unless named). */
export const onCron = (cron: string, options: { readonly timezone?: string } = {}): Automation =>
  automation({ kind: 'cron', cron, timezone: options.timezone ?? 'UTC' });
/** Whenever one of the named assets has a version that this one has not seen. */
export const onUpdate = (...assets: readonly Asset[]): Automation => automation({ kind: 'updated', assets: assets.map(({ key }) => key) });
/** Whenever the asset is stale, as soon as nothing that it depends on is about to run. */
export const eager = (): Automation => automation({ kind: 'eager' });
/** Whenever the asset, or a partition of it, was never materialized. */
export const onMissing = (): Automation => automation({ kind: 'missing' });
/** Whenever the asset is older than its `freshness` allows. */
export const overdue = (): Automation => automation({ kind: 'overdue' });
export const allOf = (...conditions: readonly Automation[]): Automation =>
  automation({ kind: 'all', conditions: conditions.map(({ condition }) => condition) });
export const anyOf = (...conditions: readonly Automation[]): Automation =>
  automation({ kind: 'any', conditions: conditions.map(({ condition }) => condition) });
export const not = ({ condition }: Automation): Automation => automation({ kind: 'not', condition });
