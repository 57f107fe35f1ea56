import { DailyDigest } from '../../../src/assets/gold/daily-digest.ts';
import type { StreamName } from './account.ts';
import { compareSets, type Difference } from './difference.ts';
import type { Stores } from './stores.ts';

/** The event ids of bronze against the rows of silver. */
export async function silverDifference({ warehouse }: Stores, topic: StreamName): Promise<Difference> {
  const ids = async (table: string, distinct: string) =>
    (await warehouse.query(`select ${distinct} event_id from ${table}`)).map(({ event_id: id }) => String(id));
  return compareSets(await ids(`bronze.${topic}`, 'distinct'), await ids(`silver.${topic}`, 'all'));
}

const MODELS = [
  'top_songs',
  'user_engagement',
  'artist_leaderboard',
  'listening_by_country',
  'device_mix',
  'hourly_activity',
  'session_summary',
] as const;

/** Every gold model counts the plays of silver, each day's digest those of its day, and dbt left nothing half done. */
export async function goldProblems({ warehouse, lake }: Stores): Promise<readonly string[]> {
  const problems: string[] = [];
  const number = async (sql: string) => Number((await warehouse.query(`select (${sql}) as n`))[0]?.['n']);
  const plays = await number(`select count(*) from silver.listening_events where event_type = 'play'`);
  for (const model of MODELS) {
    const counted = await number(`select sum(plays) from gold.${model}`);
    if (counted !== plays) problems.push(`gold.${model} counts ${counted} plays of ${plays}`);
  }
  const days = await warehouse.query(
    `select strftime(occurred_at, '%Y-%m-%d') as day, count(*) filter (event_type = 'play') as plays from silver.listening_events group by day`,
  );
  for (const { day, plays: expected } of days) {
    const key = `values/gold/daily_digest/${String(day)}.json`;
    const digest = DailyDigest.parse(JSON.parse(Buffer.from(await lake.get(key)).toString()));
    if (digest.plays !== Number(expected))
      problems.push(`the digest of ${String(day)} counts ${digest.plays} plays of ${Number(expected)}`);
  }
  for (const { name } of await warehouse.tables()) if (name.includes('__dbt')) problems.push(`dbt left ${name}`);
  return problems;
}
