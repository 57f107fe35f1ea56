import { asset, partitions, value } from 'spindle';
import { z } from 'zod';
import { dbt } from '../dbt.ts';
import { ListeningEvent } from '../schemas/listening-event.ts';

const Song = z.object({ song_name: z.string(), artist_name: z.string(), plays: z.int() });
const Country = z.object({ country: z.string(), plays: z.int() });

export const DailyDigest = z.object({ day: z.iso.date(), plays: z.int(), songs: z.array(Song), countries: z.array(Country) });
export type DailyDigest = z.infer<typeof DailyDigest>;

export const silverListeningEvents = dbt.model('silver/listening_events', ListeningEvent);

export const dailyDigest = asset('gold/daily_digest', {
  description: 'The top songs and countries of each day, as JSON in the lake. A late record makes its own day stale, and no other.',
  group: 'gold',
  store: value(DailyDigest),
  deps: { events: silverListeningEvents },
  partitions: partitions.daily({ start: '2026-01-01' }),
}).run(async ({ events }, { partition }) => {
  const day = [partition.start.toISOString(), partition.end.toISOString()];
  const plays = `from ${events.table} where event_type = 'play' and occurred_at >= cast(? as timestamp) and occurred_at < cast(? as timestamp)`;
  const [total] = await events.sql(z.object({ plays: z.int() }), `select count(*) as plays ${plays}`, day);
  const songs = await events.sql(
    Song,
    `select song_name, artist_name, count(*) as plays ${plays} group by song_name, artist_name order by plays desc, song_name, artist_name limit 10`,
    day,
  );
  const countries = await events.sql(
    Country,
    `select country, count(*) as plays ${plays} group by country order by plays desc, country limit 10`,
    day,
  );
  return { day: partition.key, plays: total?.plays ?? 0, songs, countries };
});
