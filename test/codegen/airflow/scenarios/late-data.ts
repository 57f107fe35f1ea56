import { asset, defineProject, job, onCron, partitions, source, table } from 'spindle';
import { z } from 'zod';
import { production } from '../environment.ts';

const Play = z.object({ played_at: z.iso.datetime(), song: z.string() });
const Count = z.object({ day: z.iso.date(), plays: z.int() });
const plays = source('silver/plays', { store: table('silver.plays', Play, { partitionBy: 'played_at' }) });
const daily = asset('gold/plays_per_day', {
  store: table('gold.plays_per_day', Count, { partitionBy: 'day' }),
  partitions: partitions.daily({ start: '2026-01-01' }),
  deps: { plays },
}).run(() => []);

/** A late play makes its own day stale: the run for yesterday makes that day again as well. */
export const project = defineProject({
  name: 'music',
  assets: [plays, daily],
  jobs: [job('daily', { select: 'gold/**', automation: onCron('0 5 * * *') })],
  environments: { production },
});
