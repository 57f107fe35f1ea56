// The public API in use: this file compiles, and each program of its last section must not. Type checking is the test.
import {
  after,
  asset,
  assets,
  check,
  configure,
  defineProject,
  given,
  landed,
  landing,
  materialize,
  onCron,
  partitions,
  table,
  topic,
  value,
  window,
  type Asset,
  type Broker,
  type ObjectStore,
  type TableHandle,
  type Warehouse,
} from 'spindle';
import { dbtProject } from 'spindle/dbt';
import { z } from 'zod';

// ================================================================== in use
const Play = z.object({
  eventId: z.uuid(),
  type: z.enum(['play', 'skip']),
  userId: z.string(),
  trackId: z.string(),
  msPlayed: z.int().min(0),
  playedAt: z.iso.datetime(),
  note: z.string().optional(),
});
const Track = z.object({ trackId: z.string(), title: z.string() });

export const tracks = asset('catalogue/tracks', { store: value(z.array(Track)), config: z.object({ size: z.int().default(500) }) }).run(
  (_, { config }) => Array.from({ length: config.size }, (_x, i) => ({ trackId: `${i}`, title: `Track ${i}` })),
);
export const plays = asset('stream/plays', {
  store: topic('plays', Play, { partitions: 6, key: (play) => play.userId }),
  deps: { tracks },
}).run(function* ({ tracks }, { now }) {
  for (const track of tracks)
    yield { eventId: track.trackId, type: 'play', userId: 'u', trackId: track.trackId, msPlayed: 1, playedAt: now().toISOString() };
});
export const landedPlays = asset('lake/plays', { store: landing('plays', Play), deps: { plays } }).run(({ plays }) => plays);
export const bronze = asset('bronze/plays', {
  store: table('bronze.plays', landed(Play), { write: 'append' }),
  deps: { landedPlays },
  automation: onCron('5 * * * *'),
}).run(({ landedPlays }) => landedPlays);
export const hourlyPlays = asset('silver/hourly_plays', {
  store: table('silver.hourly_plays', z.object({ hour: z.iso.datetime(), plays: z.int() }), { partitionBy: 'hour', write: 'replace' }),
  deps: { bronze },
  partitions: partitions.hourly({ start: '2026-01-01T00:00Z' }),
}).run(async ({ bronze }, { partition }) => [{ hour: partition.key, plays: await bronze.count() }]);
export const saneDuration = check(bronze, 'duration is sane', { blocking: true }).run(async (rows) => {
  for await (const row of rows.rows()) if (row.msPlayed > 9e6) return { passed: false };
  return { passed: true };
});
export const report = asset('gold/report', {
  deps: { day: window(hourlyPlays, { from: -23, to: 0 }), order: after(tracks) },
  partitions: partitions.cross({ hour: partitions.hourly({ start: '2026-01-01T00:00Z' }), region: partitions.of(['eu', 'us']) }),
}).run(async ({ day }, { partition }) => ({ region: partition.region, plays: await day.count() }));
export const { good, bad } = assets({
  outputs: { good: { key: 'split/good', store: table('s.good', Play) }, bad: { key: 'split/bad', store: table('s.bad', Track) } },
  deps: { bronze },
}).run(async () => ({ good: [], bad: [{ trackId: 't', title: 'x' }] }));
const dbt = dbtProject({ name: 'spotify', dir: 'dbt', sources: [bronze] });
const topSongs = dbt.model('gold/top_songs', z.object({ song: z.string(), plays: z.int() }));
export const poster = asset('page/poster', { deps: { topSongs } }).run(async ({ topSongs }) =>
  (await topSongs.all()).map((song) => `${song.song}: ${song.plays}`).join('\n'),
);

declare const b: Broker, o: ObjectStore, w: Warehouse;
const run = await materialize([tracks, plays, landedPlays, bronze], {
  resources: { broker: b, lake: o, warehouse: w },
  seed: 7,
  config: [configure(tracks, { size: 3 })],
  given: [given(plays, [{ eventId: 'x', type: 'skip', userId: 'u', trackId: 't', msPlayed: 1, playedAt: '2026-01-01T00:10:00Z' }])],
});
const first = (await (await run.output(bronze)).all())[0]!;
const check1: [number, 'play' | 'skip', number] = [first.msPlayed, first.type, first._offset];
void check1;
await materialize([poster], { resources: {}, given: [given(topSongs, [{ song: 'x', plays: 1 }])] });
export const project = defineProject({
  name: 'p',
  assets: [tracks, plays, landedPlays, bronze],
  dbt: [dbt],
  environments: { local: { broker: { open: async () => b } }, load: { warehouse: { open: async () => w }, lake: { open: async () => o } } },
});

// ================================================================== must not compile
// @ts-expect-error a resource is missing
await materialize([tracks, plays], { resources: {} });
declare const models: readonly Asset<`gold/${string}`, TableHandle<unknown>, {}>[];
// @ts-expect-error a dynamic list does not switch the check off
await materialize([bronze, ...models], { resources: {} });
// @ts-expect-error an asset that is not part of the run
await run.output(hourlyPlays);
// @ts-expect-error a fixture row of the wrong shape
given(plays, [{ eventId: 1 }]);
// @ts-expect-error a fixture row with a misspelled literal
given(plays, [{ eventId: 'x', type: 'stop', userId: 'u', trackId: 't', msPlayed: 1, playedAt: '' }]);
// @ts-expect-error misspelled input
asset('x1', { deps: { bronze } }).run(({ bronzee }) => 1);
// @ts-expect-error the output lacks columns
asset('x2', { store: table('t', Play) }).run(() => [{ eventId: 'a' }]);
// @ts-expect-error a wrong column type, through a generator
asset('x3', { store: table('t', z.object({ a: z.int() })) }).run(function* () {
  yield { a: '1' };
});
// @ts-expect-error a literal that the enum does not have
asset('x3b', { store: table('t', z.object({ kind: z.enum(['play']) })) }).run(() => [{ kind: 'stop' }]);
// @ts-expect-error landed rows do not fit the table
asset('x4', { store: table('t', z.object({ other: z.string() })), deps: { landedPlays } }).run(({ landedPlays }) => landedPlays);
// @ts-expect-error an unpartitioned asset has no partition
asset('x5').run((_, { partition }) => 1);
// @ts-expect-error an impossible partition key
asset('x6', { partitions: partitions.of(['eu', 'us']) }).run((_, { partition }) => partition === 'asia');
// @ts-expect-error an order-only dependency carries no value
asset('x7', { deps: { b: after(bronze) } }).run(({ b }) => b.rows());
// @ts-expect-error a key that is no column
table('t', Play, { key: ['eventid'] });
// @ts-expect-error a window over an unpartitioned asset
window(tracks, { from: -1, to: 0 });
// @ts-expect-error a config field that does not exist
asset('x8').run((_, { config }) => config.size);
// @ts-expect-error a config value of the wrong type
configure(tracks, { size: 'many' });
// @ts-expect-error a provider of the wrong type
defineProject({ name: 'p', assets: [bronze], environments: { local: { warehouse: { open: async () => 42 } } } });
// @ts-expect-error an asset without its function
await materialize([asset('x9', { store: table('t', Play) })], { resources: { warehouse: w } });
// @ts-expect-error a duration without a unit
asset('x10', { timeout: '10' });
// @ts-expect-error a topic does not load a table: it is landed first
asset('x11', { store: table('t', Play), deps: { plays } }).run(({ plays }) => plays);
