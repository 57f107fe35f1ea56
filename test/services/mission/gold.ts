import type { Deployment, Place } from './deployment.ts';

export const GOLD = [
  'artist_leaderboard',
  'device_mix',
  'hourly_activity',
  'listening_by_country',
  'session_summary',
  'top_songs',
  'user_engagement',
] as const;

/** The rows of each gold table as JSON. */
export type Gold = ReadonlyMap<(typeof GOLD)[number], readonly string[]>;

export async function goldOf({ spindle }: Deployment, place: Place): Promise<Gold> {
  const tables = new Map<(typeof GOLD)[number], readonly string[]>();
  for (const table of GOLD) {
    const rows = JSON.parse(await spindle(place, 'query', '--json', `select * from gold.${table}`)) as readonly unknown[];
    tables.set(
      table,
      rows.map((row) => JSON.stringify(row)),
    );
  }
  return tables;
}

/**
 * The rows that one has oftener than the other, the first ten: a diff of all would be megabytes. Rows are compared as they are, in any order, since a table
 * has none. Nothing else is normalized.
 */
export function differences(ours: Gold, theirs: Gold): readonly string[] {
  const found = GOLD.flatMap((table) => {
    const surplus = new Map<string, number>();
    for (const row of ours.get(table) ?? []) surplus.set(row, (surplus.get(row) ?? 0) + 1);
    for (const row of theirs.get(table) ?? []) surplus.set(row, (surplus.get(row) ?? 0) - 1);
    return [...surplus].flatMap(([row, count]) => (count === 0 ? [] : [`${table}, ${count > 0 ? 'ours' : 'theirs'} alone: ${row}`]));
  });
  return found.slice(0, 10);
}
