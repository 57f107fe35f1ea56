import type { Client } from 'pg';
import type { RunSummary } from '../../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { foldRun } from '../../../runtime/run/fold-run.ts';
import { stateChange } from '../../../runtime/run/fold-state.ts';
import { changeState } from './state.ts';

/**
 * The names that a transaction holds which appends the events. Whatever they are folded into is named, so that the events of one run, of one asset and
 * of one subject are numbered in the order in which they are committed; of different ones a later number may be seen first.
 */
export function foldedNames(events: readonly RunEvent[]): readonly string[] {
  const names = new Set<string>();
  for (const event of events) {
    names.add(`run ${event.run}`);
    const change = stateChange(event);
    if (change?.kind === 'keys') names.add(`keys ${change.name}`);
    else if (change !== undefined) names.add('asset' in event ? `asset ${event.asset}` : 'fired');
  }
  return [...names];
}

/** Appends the events with everything folded from them, inside a transaction that holds their names. */
export async function appendEvents(client: Client, events: readonly RunEvent[]): Promise<void> {
  if (events.length === 0) return;
  const numbers = await insertEvents(client, events);
  await changeRuns(client, events, numbers);
  await changeState(client, events);
}

/** Gives their numbers. */
async function insertEvents(client: Client, events: readonly RunEvent[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ seq: string }>(
    `insert into event (run, part, type, asset, partition, at, json)
     select run, part, type, asset, partition, at, json::json
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       with ordinality as given (run, part, type, asset, partition, at, json, place)
     order by place returning seq`,
    [
      events.map(({ run }) => run),
      events.map(({ part }) => part ?? null),
      events.map(({ type }) => type),
      events.map((event) => ('asset' in event ? event.asset : null)),
      events.map((event) => ('partition' in event ? (event.partition ?? null) : null)),
      events.map(({ at }) => at),
      events.map((event) => JSON.stringify(event)),
    ],
  );
  return rows.map(({ seq }) => seq);
}

/** A run as its row has it; `seq`, the number of its first event, orders the list. */
interface RunRow {
  readonly seq: string;
  readonly summary: RunSummary;
}

async function changeRuns(client: Client, events: readonly RunEvent[], numbers: readonly string[]): Promise<void> {
  // against a pruning of the same run at the same time
  const { rows } = await client.query<{ seq: string; json: RunSummary }>(
    'select seq, json from run where run = any($1) order by run for update',
    [[...new Set(events.map(({ run }) => run))]],
  );
  const before = new Map(rows.map(({ seq, json }): [string, RunRow] => [json.run, { seq, summary: json }]));
  const after = new Map(before);
  for (const [i, event] of events.entries()) {
    const row = after.get(event.run);
    const summary = foldRun(row?.summary, event);
    if (summary !== undefined) after.set(event.run, { seq: row?.seq ?? numbers[i] ?? '', summary });
  }
  const changed = [...after.values()].filter(({ summary }) => JSON.stringify(before.get(summary.run)?.summary) !== JSON.stringify(summary));
  if (changed.length === 0) return;
  await client.query(
    `insert into run (run, seq, status, finished_at, tags, json)
     select run, seq, status, finished_at, array(select json_array_elements_text(tags::json)), json::json
     from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) as given (run, seq, status, finished_at, tags, json)
     order by run
     on conflict (run) do update
     set status = excluded.status, finished_at = excluded.finished_at, tags = excluded.tags, json = excluded.json`,
    [
      changed.map(({ summary }) => summary.run),
      changed.map(({ seq }) => seq),
      changed.map(({ summary }) => summary.status),
      changed.map(({ summary }) => summary.finishedAt ?? null),
      changed.map(({ summary: { tags = [] } }) => JSON.stringify(tags)),
      changed.map(({ summary }) => JSON.stringify(summary)),
    ],
  );
}
