import type { ClientBase } from 'pg';
import { refuseNewer } from '../newer-schema.ts';

/** Each entry brings the schema from the version before to that of its place in the list, counted from 1. Entries are never changed, only added. */
export const MIGRATIONS = [
  `create table event (
     seq bigint generated always as identity primary key,
     run text not null, part text, type text not null, asset text, partition text, at text collate "C" not null, json json not null
   );
   create index event_by_run on event (run, type);
   create index event_by_asset on event (asset, type) where asset is not null;
   create index event_by_instant on event (at);
   create table run (
     run text primary key, seq bigint not null, status text not null, finished_at text collate "C", tags text[] not null, json json not null
   );
   create index run_by_seq on run (seq);
   create index run_going on run (run) where status = 'running';
   create table state (
     slot text not null, asset text not null, partition text not null, name text not null, json json not null,
     primary key (asset, partition, slot, name)
   );
   create table dynamic_key (seq bigint generated always as identity primary key, name text not null, key text not null, unique (name, key))`,
  `create table claim (
     name text not null, part text not null, run text not null, whole boolean not null, process text not null,
     primary key (name, part, run)
   );
   create index claim_by_run on claim (run)`,
] as const;

export interface MigrateOptions {
  readonly schema: string;
  /** Names the database in an error. */
  readonly place: string;
}

/**
 * Brings the schema, made where missing, to the version that this code knows; RUN_STORE_VERSION where it is newer. One process at a time: others that
 * open the store wait, and find it done. The connection's search path is the schema.
 */
export async function migrate(client: ClientBase, { schema, place }: MigrateOptions): Promise<void> {
  await client.query('begin isolation level read committed');
  try {
    await client.query("select pg_advisory_xact_lock(hashtextextended('spindle schema ' || $1, 0))", [schema]);
    const version = await readVersion(client, schema);
    refuseNewer(version, { known: MIGRATIONS.length, store: place });
    for (const [i, sql] of MIGRATIONS.entries()) {
      if (i < version) continue;
      await client.query(sql);
      await client.query('insert into schema_version values ($1)', [i + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {}); // a connection that cannot is lost: the server rolls back
    throw error;
  }
}

/** What is there is asked for before it is made: `if not exists` wants the right to make it also where it exists. */
async function readVersion(client: ClientBase, schema: string): Promise<number> {
  const { rows: found } = await client.query('select from pg_namespace where nspname = $1', [schema]);
  if (found.length === 0) await client.query(`create schema ${client.escapeIdentifier(schema)}`);
  const { rows: table } = await client.query<{ there: boolean }>("select to_regclass('schema_version') is not null as there");
  if (table[0]?.there !== true) await client.query('create table schema_version (version integer not null)');
  const { rows } = await client.query<{ version: number | null }>('select max(version) as version from schema_version');
  return rows[0]?.version ?? 0;
}
