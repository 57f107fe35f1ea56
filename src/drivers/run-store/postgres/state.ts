import type { Client } from 'pg';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { slotKey, stateChange, type StateChange, type StateEvent, type StateSlot } from '../../../runtime/run/fold-state.ts';

interface Place {
  readonly slot: StateSlot;
  readonly asset: string;
  readonly partition: string;
}

interface Filled extends Place {
  readonly name: string;
  readonly event: StateEvent;
}

/** What several events do to the slots of the state, one after the other, as one change: what is emptied first, and what is filled then. */
interface SlotChanges {
  readonly cleared: readonly Place[];
  readonly filled: readonly Filled[];
}

/** Brings the state to what it is after the events. */
export async function changeState(client: Client, events: readonly RunEvent[]): Promise<void> {
  const changes = events.flatMap((event) => stateChange(event) ?? []);
  const { cleared, filled } = slotChanges(changes);
  if (cleared.length > 0) {
    await client.query(
      'delete from state where (slot, asset, partition) in (select * from unnest($1::text[], $2::text[], $3::text[]))',
      placesOf(cleared),
    );
  }
  if (filled.length > 0) {
    await client.query(
      `insert into state (slot, asset, partition, name, json)
       select slot, asset, partition, name, json::json
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as given (slot, asset, partition, name, json)
       on conflict (asset, partition, slot, name) do update set json = excluded.json`,
      [...placesOf(filled), filled.map(({ name }) => name), filled.map(({ event }) => JSON.stringify(event))],
    );
  }
  for (const change of changes) if (change.kind === 'keys') await changeKeys(client, change);
}

const placesOf = (places: readonly Place[]): string[][] => [
  places.map(({ slot }) => slot),
  places.map(({ asset }) => asset),
  places.map(({ partition }) => partition),
];

function slotChanges(changes: readonly StateChange[]): SlotChanges {
  const cleared = new Map<string, Place>();
  /** By place and slot, then by name. */
  const filled = new Map<string, Map<string, Filled>>();
  const id = ({ slot, asset, partition }: Place) => JSON.stringify([slot, asset, partition]);
  for (const change of changes) {
    if (change.kind !== 'slot') continue;
    const { slot, event, clears } = change;
    const { asset, partition, name } = slotKey(event);
    const place = { slot, asset, partition };
    filled.set(id(place), (filled.get(id(place)) ?? new Map<string, Filled>()).set(name, { ...place, name, event }));
    for (const other of clears.map((slot) => ({ slot, asset, partition }))) {
      cleared.set(id(other), other);
      filled.delete(id(other));
    }
  }
  return { cleared: [...cleared.values()], filled: [...filled.values()].flatMap((names) => [...names.values()]) };
}

/** Keys keep the order in which they were registered first. */
async function changeKeys(client: Client, { change, name, keys }: Extract<StateChange, { kind: 'keys' }>): Promise<void> {
  await client.query(
    change === 'add'
      ? 'insert into dynamic_key (name, key) select $1, key from unnest($2::text[]) with ordinality as given (key, place) order by place on conflict do nothing'
      : 'delete from dynamic_key where name = $1 and key = any($2)',
    [name, keys],
  );
}
