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

/** Every row of every gold table as JSON, sorted, since a table has no order. Nothing else is normalized. */
export async function goldOf({ spindle }: Deployment, place: Place): Promise<Readonly<Record<string, readonly string[]>>> {
  const tables: [string, readonly string[]][] = [];
  for (const table of GOLD) {
    const rows = JSON.parse(await spindle(place, 'query', '--json', `select * from gold.${table}`)) as readonly unknown[];
    tables.push([table, rows.map((row) => JSON.stringify(row)).toSorted()]);
  }
  return Object.fromEntries(tables);
}
