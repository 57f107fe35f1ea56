import type { AssetDefinition } from '../declare/definition.ts';
import { parseDuration } from '../declare/duration.ts';
import type { AssetRecord } from '../plan/record.ts';

/** Whether an asset is as new as it is to be: until when, since when not, or that it was never materialized. */
export type Freshness =
  | { readonly status: 'on-time'; readonly until: Date }
  | { readonly status: 'overdue'; readonly since: Date }
  | { readonly status: 'never' };

/** The age of the last materialization (of a partitioned asset: of its newest) against what the asset allows; undefined where it allows any. */
export function freshnessOf({ key, partitions, freshness }: AssetDefinition, record: AssetRecord, now: Date): Freshness | undefined {
  if (freshness === undefined) return undefined;
  const last =
    partitions === undefined
      ? materializedAt(record, key)
      : newest(record.partitions(key).map((part) => materializedAt(record, key, part)));
  if (last === undefined) return { status: 'never' };
  const until = new Date(last + parseDuration(freshness));
  return until >= now ? { status: 'on-time', until } : { status: 'overdue', since: until };
}

/** As words that follow the name of the asset. */
export function freshnessText(freshness: Freshness, within: string): string {
  switch (freshness.status) {
    case 'on-time':
      return `is on time until ${freshness.until.toISOString()} (within ${within})`;
    case 'overdue':
      return `is overdue since ${freshness.since.toISOString()} (within ${within})`;
    case 'never':
      return `was never materialized, and is to be no older than ${within}`;
  }
}

/** Epoch milliseconds. */
function materializedAt(record: AssetRecord, asset: string, partition?: string): number | undefined {
  const event = record.materialized(asset, partition);
  return event === undefined ? undefined : Date.parse(event.at);
}

function newest(times: readonly (number | undefined)[]): number | undefined {
  let last: number | undefined;
  for (const time of times) if (time !== undefined && (last === undefined || time > last)) last = time;
  return last;
}
