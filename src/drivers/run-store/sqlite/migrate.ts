import type { Database } from 'libsql';
import { refuseNewer } from '../newer-schema.ts';

/** Each entry brings the database from the version before to that of its place in the list, counted from 1. Entries are never changed, only added. */
export const MIGRATIONS = [
  `create table event (
     seq integer primary key autoincrement,
     run text not null, type text not null, asset text, partition text, at text not null, json text not null
   );
   create index event_by_run on event (run);
   create index event_by_asset on event (asset, type) where asset is not null;
   create table run (seq integer primary key autoincrement, run text not null unique, json text not null);
   create table state (
     slot text not null, asset text not null, partition text not null, name text not null, json text not null,
     primary key (asset, partition, slot, name)
   ) without rowid;
   create table state_version (version integer not null);
   insert into state_version values (0);`,
  `create table claim (
     name text not null, part text not null, run text not null, whole integer not null, process text not null,
     primary key (name, part, run)
   ) without rowid;
   create table dynamic_key (seq integer primary key autoincrement, name text not null, key text not null, unique (name, key));`,
] as const;

function readVersion(database: Database): number {
  database.exec('create table if not exists schema_version (version integer not null)');
  const row = database.prepare('select max(version) as version from schema_version').get() as { version: number | null };
  return row.version ?? 0;
}

/** Brings the schema to the version that this code knows, inside the caller's transaction; RUN_STORE_VERSION where it is newer. */
export function migrate(database: Database, path: string): void {
  const version = readVersion(database);
  refuseNewer(version, { known: MIGRATIONS.length, store: path });
  for (const [i, sql] of MIGRATIONS.entries()) {
    if (i < version) continue;
    database.exec(sql);
    database.prepare('insert into schema_version values (?)').run([i + 1]);
  }
}
