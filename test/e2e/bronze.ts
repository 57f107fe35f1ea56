import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** What the tests vary of a listening event; times are seconds since 2026-01-01 UTC. */
export interface Arrival {
  readonly event: string;
  readonly song: string;
  readonly offset: number;
  readonly object: string;
  readonly loadedAt: number;
  readonly occurredAt: number;
}

/** Opens the warehouse for the time of `use` only, as dbt needs the file for itself. */
export async function withWarehouse<T>(path: string, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export const rowsOf = (path: string, sql: string): Promise<Record<string, unknown>[]> =>
  withWarehouse(path, async (connection) => (await connection.runAndReadAll(sql)).getRowObjectsJson());

const landed =
  '_topic varchar, _partition bigint, _offset bigint, _recorded_at timestamp, _extra json, _object varchar, _loaded_at timestamp';

export const createBronze = (path: string): Promise<unknown> =>
  withWarehouse(path, (connection) =>
    connection.run(`create schema bronze;
create table bronze.listening_events (event_id varchar, event_type varchar, user_id varchar, session_id varchar, song_id varchar, song_name varchar,
  artist_name varchar, device_type varchar, os varchar, app_version varchar, country varchar, city varchar, latitude double, longitude double,
  ms_played bigint, occurred_at timestamp, ${landed});
create table bronze.user_activity (event_id varchar, event_type varchar, user_id varchar, session_id varchar, query varchar, plan varchar,
  device_type varchar, country varchar, occurred_at timestamp, ${landed});`),
  );

export const load = (path: string, arrivals: readonly Arrival[]): Promise<unknown> =>
  withWarehouse(path, (connection) =>
    connection.run(
      `insert into bronze.listening_events
select event, 'play', 'user', 'session', song, 'Song', 'Artist', 'mobile', 'iOS', '8.1', 'SE', 'Stockholm', 59.3, 18.1, 1000, timestamp '2026-01-01' + to_seconds("occurredAt"),
  'listening_events', 0, "offset", timestamp '2026-01-01' + to_seconds("offset"), null, object, timestamp '2026-01-01' + to_seconds("loadedAt")
from (select unnest(from_json($1::json, '[{"event":"varchar","song":"varchar","offset":"bigint","object":"varchar","loadedAt":"bigint","occurredAt":"bigint"}]'), recursive := true))`,
      [JSON.stringify(arrivals)],
    ),
  );

/** Events of each kind, one in fifty of them delivered twice. */
export const generate = (path: string, events: number): Promise<unknown> =>
  withWarehouse(path, (connection) =>
    connection.run(`insert into bronze.listening_events
select 'event-' || k, ['play', 'complete', 'skip', 'pause', 'resume', 'like', 'add_to_playlist'][1 + (hash(k) % 7)::int], 'user-' || (hash(k // 20) % 500),
  'session-' || (k // 20), 'song-' || (hash(k * 3) % 300), 'Song ' || (hash(k * 3) % 300), 'Artist ' || ((hash(k * 3) % 300) // 10),
  ['mobile', 'desktop', 'web', 'tv', 'speaker'][1 + (k // 20) % 5], 'iOS', '8.1', ['SE', 'US', 'DE'][1 + (k // 20) % 3], 'City', 59.3, 18.1, (hash(k) % 200000)::bigint,
  timestamp '2026-01-01' + to_seconds(k), 'listening_events', i % 4, i // 4, timestamp '2026-01-01' + to_seconds(i), null, 'object-' || (i % 4), timestamp '2026-02-01'
from (select i, case when i % 50 = 49 then i - 30 else i end as k from range(${events}) as numbers(i));
insert into bronze.user_activity
select 'activity-' || i, ['signup', 'login', 'logout', 'search', 'subscribe', 'cancel'][1 + (i % 6)::int], 'user-' || (i % 500), null, null, null, 'web', 'SE',
  timestamp '2026-01-01' + to_seconds(i * 9), 'user_activity', 0, i, timestamp '2026-01-01', null, 'object-0', timestamp '2026-02-01'
from range(${Math.floor(events / 10)}) as numbers(i);`),
  );
