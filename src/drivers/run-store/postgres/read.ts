import type { Client } from 'pg';
import type { EventFilter, PlacedEvent, RecordedState, RunSummary } from '../../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { placedEvents, recordedState, type StateEvent } from '../../../runtime/run/fold-state.ts';

export async function readEvents(client: Client, { run, asset, types, limit }: EventFilter): Promise<readonly RunEvent[]> {
  const conditions = [
    ...(run === undefined ? [] : [{ sql: 'run =', value: run }]),
    ...(asset === undefined ? [] : [{ sql: 'asset =', value: asset }]),
    ...(types === undefined ? [] : [{ sql: 'type = any', value: types }]),
  ];
  const where = conditions.map(({ sql }, i) => `${i === 0 ? 'where' : 'and'} ${sql} ($${i + 1})`).join(' ');
  const values = conditions.map(({ value }) => value);
  const { rows } = await client.query<{ json: RunEvent }>(
    limit === undefined
      ? `select json from event ${where} order by seq`
      : `select json from (select seq, json from event ${where} order by seq desc limit $${values.length + 1}) as newest order by seq`,
    limit === undefined ? values : [...values, limit],
  );
  return rows.map(({ json }) => json);
}

export async function readRuns(
  client: Client,
  { limit, tag }: { readonly limit?: number; readonly tag?: string },
): Promise<readonly RunSummary[]> {
  const { rows } = await client.query<{ json: RunSummary }>(
    'select json from run where $1::text is null or $1 = any(tags) order by seq desc limit $2',
    [tag, limit],
  );
  return rows.map(({ json }) => json);
}

export async function readState(client: Client, assets: readonly string[] | undefined): Promise<RecordedState> {
  const { rows } = await client.query<{ json: StateEvent }>(
    'select json from state where $1::text[] is null or asset = any($1)',
    // what fired belongs to no asset
    [assets && ['', ...assets]],
  );
  const { rows: keys } = await client.query<{ name: string; key: string }>('select name, key from dynamic_key order by seq');
  return recordedState(
    rows.map(({ json }) => json),
    keys,
  );
}

export async function readPlace(client: Client, asset: string, partition: string): Promise<readonly PlacedEvent[]> {
  const { rows } = await client.query<{ json: StateEvent }>('select json from state where asset = $1 and partition = $2', [
    asset,
    partition,
  ]);
  return placedEvents(rows.map(({ json }) => json));
}
