// What the cases of the corpus are about: one asset of each kind.
import {
  asset,
  assets,
  landed,
  landing,
  objects,
  partitions,
  resource,
  source,
  table,
  topic,
  value,
  type Broker,
  type ObjectStore,
  type Warehouse,
} from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';

export const Play = z.object({
  eventId: z.uuid(),
  type: z.enum(['play', 'skip']),
  userId: z.string(),
  msPlayed: z.int().min(0),
  playedAt: z.iso.datetime(),
  note: z.string().optional(),
});
export const Track = z.object({ trackId: z.string(), title: z.string() });
export const Hour = z.object({ hour: z.iso.datetime(), plays: z.int() });
/** A codec: text at rest, a Date in the program. */
export const Instant = z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() });
export const Visit = z.object({ user: z.string(), at: Instant });
export const Happening = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('login'), user: z.string() }),
  z.object({ kind: z.literal('sale'), amount: z.int() }),
]);

export const hourly = partitions.hourly({ start: '2026-01-01T00:00Z' });
export const daily = partitions.daily({ start: '2026-01-01', timezone: 'Europe/Berlin' });
export const regions = partitions.of(['eu', 'us']);

export const tracks = asset('catalogue/tracks', { store: value(z.array(Track)), config: z.object({ size: z.int().default(500) }) }).run(
  (_, { config }) => Array.from({ length: config.size }, (_x, index) => ({ trackId: `${index}`, title: `Track ${index}` })),
);
export const plays = asset('stream/plays', { store: topic('plays', Play), deps: { tracks } }).run(function* ({ tracks }, { now }) {
  for (const { trackId } of tracks) yield { eventId: trackId, type: 'play', userId: 'u', msPlayed: 1, playedAt: now().toISOString() };
});
export const landedPlays = asset('lake/plays', { store: landing('plays', Play), deps: { plays } }).run(({ plays }) => plays);
export const bronze = asset('bronze/plays', {
  store: table('bronze.plays', landed(Play), { write: 'append' }),
  deps: { landedPlays },
}).run(({ landedPlays }) => landedPlays);
export const hours = asset('silver/hours', {
  store: table('silver.hours', Hour, { partitionBy: 'hour' }),
  deps: { bronze },
  partitions: hourly,
}).run(async ({ bronze }, { partition }) => [{ hour: partition.key, plays: await bronze.count() }]);
export const visits = asset('silver/visits', { store: table('silver.visits', Visit) }).run(() => [
  { user: 'u', at: '2026-01-01T00:00:00Z' },
]);
export const dump = asset('lake/hours', { store: objects('hours', Hour) }).run(() => []);
export const happenings = asset('stream/happenings', { store: topic('happenings', Happening) }).run(() => []);
export const size = asset('size').run(() => 3);
export const name = asset('name').run(() => 'x');
export const days = asset('days', { partitions: daily }).run(() => 1);
export const perRegion = asset('per-region', { partitions: regions }).run((_, { partition }) => partition);
export const { good, total } = assets({
  outputs: { good: { key: 'split/good', store: table('split.good', Track) }, total: { key: 'split/total', store: value(z.int()) } },
}).run(() => ({ good: [], total: 1 }));
export const users = source('raw/users', { store: table('raw.users', z.object({ user: z.string() })) });
export const api = resource<{ get(path: string): Promise<string> }>()('api');
export const reads = asset('reads', { resources: { api } }).run((_, { resources }) => resources.api.get('/'));
export const dbt = dbtProject({ name: 'spotify', dir: 'dbt', sources: [bronze] });
export const topSongs = dbt.model('gold/top_songs', z.object({ song: z.string(), plays: z.int() }));

export declare const brokerClient: Broker, lakeClient: ObjectStore, warehouseClient: Warehouse;
