/** A pipeline in one module over the drivers of the local environment: a topic, landed, loaded and counted, with checks and a partitioned asset. */
export const PLAYS = `
import { asset, check, defineProject, landed, landing, partitions, table, topic, value } from 'spindle';
import { duckDb, embeddedBroker, fileSystemStore, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';

export const Play = z.object({ id: z.int(), song: z.string(), ms: z.int().min(0) });

export const plays = asset('stream/plays', {
  description: 'What was played',
  store: topic('plays', Play, { partitions: 2 }),
  config: z.object({ events: z.int().min(0).default(4) }),
}).run((_, { config }) => Array.from({ length: config.events }, (_, id) => ({ id, song: 'song ' + (id % 3), ms: 1000 * id })));

export const landedPlays = asset('lake/plays', { store: landing('plays', Play), deps: { plays } }).run(({ plays }) => plays);

export const bronze = asset('bronze/plays', { store: table('bronze.plays', landed(Play), { write: 'append' }), deps: { landedPlays } }).run(
  ({ landedPlays }) => landedPlays,
);

const Song = z.object({ song: z.string(), plays: z.int() });
export const songs = asset('gold/songs', { store: table('gold.songs', Song, { key: ['song'] }), deps: { bronze } }).run(({ bronze }) =>
  bronze.sql(Song, 'select song, count(*) as plays from bronze.plays group by song order by song'),
);

export const days = asset('gold/days', {
  store: value(z.object({ day: z.string() })),
  partitions: partitions.daily({ start: '2026-01-01' }),
}).run((_, { partition }) => ({ day: partition.key }));

export const named = check(songs, 'every song has a name').run(async (table) => ({
  passed: (await table.all()).every(({ song }) => song !== ''),
  metadata: { songs: await table.count() },
}));
export const popular = check(songs, 'some song is popular', { severity: 'warn' }).run(async (table) => ({
  passed: (await table.all()).some(({ plays }) => plays > 3),
  metadata: { most: Math.max(...(await table.all()).map(({ plays }) => plays)) },
}));

export const local = {
  broker: embeddedBroker(),
  lake: fileSystemStore(),
  warehouse: duckDb({ patience: 300 }),
  runStore: sqliteRunStore(),
};

export const project = defineProject({
  name: 'plays',
  assets: [plays, landedPlays, bronze, songs, days],
  checks: [named, popular],
  environments: { local },
});
`;
