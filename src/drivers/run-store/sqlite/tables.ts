import type { Database } from 'libsql';
import type { EventFilter, PlacedEvent, RecordedState, RunSummary } from '../../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { endOfDead } from '../../../runtime/run/end-of-dead.ts';
import { foldRun } from '../../../runtime/run/fold-run.ts';
import { holderOf } from '../../../runtime/run/holder.ts';
import { hasEnded, parseIdentity } from '../../disk/process-identity.ts';
import { placedEvents, recordedState, slotKey, stateChange, type StateChange, type StateEvent } from '../../../runtime/run/fold-state.ts';

/** The statements of the event log and of what is folded from it; whoever calls `insert` or `endDeadRuns` holds a transaction. */
export interface Tables {
  /** Appends the events with everything folded from them; true where the state changed. */
  insert(events: readonly RunEvent[]): boolean;
  /** Ends the runs, and the parts of runs, whose process died before it could: as failed, at the time of their last event. */
  endDeadRuns(): void;
  events(filter: EventFilter): RunEvent[];
  /** -1 for all; `null` for those of any tag, or none. */
  runs(limit: number, tag: string | null): RunSummary[];
  state(assets?: readonly string[]): RecordedState;
  recorded(asset: string, partition: string): readonly PlacedEvent[];
  /** How often the state has changed. */
  stateVersion(): number;
}

interface JsonRow {
  readonly json: string;
}

// every row is one that `insert` wrote
const parse = <T>(row: unknown): T => JSON.parse((row as JsonRow).json) as T;

/** The end of a run, or of the part whose events these are, as far as its process has ended. */
function deadEnd(began: string | undefined, events: readonly RunEvent[]): RunEvent | undefined {
  const started = events.findLast((event) => event.type === 'run.started');
  const owner = parseIdentity(started?.process ?? '');
  if (started === undefined || owner === undefined || !hasEnded(owner)) return undefined;
  const { at } = events.at(-1) ?? started;
  return endOfDead(started, { began: began ?? started.at, at });
}

export function createTables(database: Database): Tables {
  const insertEvent = database.prepare('insert into event (run, type, asset, partition, at, json) values (?, ?, ?, ?, ?, ?)');
  const selectRun = database.prepare('select json from run where run = ?');
  const selectFolded = database.prepare(
    `select json from event
     where run = ? and type in ('run.started', 'run.finished', 'asset.materialized', 'step.skipped', 'step.failed') order by seq`,
  );
  const upsertRun = database.prepare('insert into run (run, json) values (?, ?) on conflict (run) do update set json = excluded.json');
  const upsertState = database.prepare('insert or replace into state (slot, asset, partition, name, json) values (?, ?, ?, ?, ?)');
  const clearState = database.prepare('delete from state where asset = ? and partition = ? and slot in (select value from json_each(?))');
  const bumpState = database.prepare('update state_version set version = version + 1');
  const selectPlace = database.prepare('select json from state where asset = ? and partition = ?');
  const addKey = database.prepare('insert into dynamic_key (name, key) values (?, ?) on conflict do nothing');
  const removeKey = database.prepare('delete from dynamic_key where name = ? and key = ?');

  function changeState(change: StateChange): void {
    if (change.kind === 'keys') {
      const statement = change.change === 'add' ? addKey : removeKey;
      for (const key of change.keys) statement.run([change.name, key]);
      return;
    }
    const { slot, event, clears } = change;
    const { asset, partition, name } = slotKey(event);
    upsertState.run([slot, asset, partition, name, JSON.stringify(event)]);
    if (clears.length > 0) clearState.run([asset, partition, JSON.stringify(clears)]);
  }

  /** Runs and parts that have a row and go on, as far as this connection knows: what they did is counted when it is asked for, and once they end. */
  const going = new Map<string, Set<string | undefined>>();

  function countRun(run: string): RunSummary | undefined {
    let summary: RunSummary | undefined;
    for (const row of selectFolded.all([run])) summary = foldRun(summary, parse<RunEvent>(row));
    return summary;
  }

  /** Whether the row of the event's run changes with it. */
  function changesRun(event: RunEvent): boolean {
    if (event.type === 'run.finished') return true;
    if (going.get(event.run)?.has(event.part)) return false;
    const row = selectRun.get([event.run]);
    if (row === undefined) return false;
    const summary = parse<RunSummary>(row);
    if (summary.status !== 'running') return true;
    remember(summary, event.part);
    return false;
  }

  function remember(summary: RunSummary, part: string | undefined): void {
    const parts = going.get(summary.run) ?? new Set();
    // A part that has ended keeps no run going: another process may end that at any time.
    if (isGoing(summary, part)) going.set(summary.run, parts.add(part));
    else parts.delete(part);
    if (summary.status !== 'running') going.delete(summary.run);
  }

  const isGoing = ({ status, parts }: RunSummary, part: string | undefined): boolean =>
    (part === undefined ? status : parts?.[part]?.status) === 'running';

  function changeRun({ run, part }: Pick<RunEvent, 'run' | 'part'>): void {
    const summary = countRun(run);
    if (summary === undefined) return;
    upsertRun.run([run, JSON.stringify(summary)]);
    remember(summary, part);
  }

  function insert(events: readonly RunEvent[]): boolean {
    const runs = new Map<string, RunEvent>();
    let changed = false;
    for (const event of events) {
      const { asset = null, partition = null } = 'asset' in event ? event : {};
      insertEvent.run([event.run, event.type, asset, partition, event.at, JSON.stringify(event)]);
      if (event.type === 'run.started') changeRun(event);
      else if (!runs.has(holderOf(event)) && changesRun(event)) runs.set(holderOf(event), event);
      const change = stateChange(event);
      if (change === undefined) continue;
      changeState(change);
      changed = true;
    }
    for (const event of runs.values()) changeRun(event);
    if (changed) bumpState.run([]);
    return changed;
  }

  return {
    insert,
    endDeadRuns() {
      for (const summary of database
        .prepare("select json from run where json ->> 'status' = 'running'")
        .all([])
        .map(parse<RunSummary>)) {
        const events = database
          .prepare('select json from event where run = ? order by seq')
          .all([summary.run])
          .map(parse<RunEvent>);
        const parts = summary.parts === undefined ? [undefined] : Object.keys(summary.parts).filter((part) => isGoing(summary, part));
        for (const part of parts) {
          const own = events.filter((event) => event.part === part);
          const end = deadEnd(part === undefined ? summary.startedAt : undefined, own);
          if (end !== undefined) insert([end]);
        }
      }
    },
    events({ run, asset, types, limit = -1 }) {
      const conditions = [
        ...(run === undefined ? [] : [{ sql: 'run = ?', value: run }]),
        ...(asset === undefined ? [] : [{ sql: 'asset = ?', value: asset }]),
        ...(types === undefined ? [] : [{ sql: 'type in (select value from json_each(?))', value: JSON.stringify(types) }]),
      ];
      const where = conditions.length === 0 ? '' : `where ${conditions.map(({ sql }) => sql).join(' and ')}`;
      const sql = `select json from (select seq, json from event ${where} order by seq desc limit ?) order by seq`;
      return database
        .prepare(sql)
        .all([...conditions.map(({ value }) => value), limit])
        .map(parse<RunEvent>);
    },
    runs(limit, tag) {
      const tagged = "? is null or exists (select 1 from json_each(run.json, '$.tags') where value = ?)";
      return database
        .prepare(`select json from run where ${tagged} order by seq desc limit ?`)
        .all([tag, tag, limit])
        .map(parse<RunSummary>)
        .map((run) => (run.status === 'running' ? (countRun(run.run) ?? run) : run));
    },
    state(assets) {
      const rows =
        assets === undefined
          ? database.prepare('select json from state').all([])
          : database
              .prepare('select json from state where asset in (select value from json_each(?))')
              .all([JSON.stringify(['', ...assets])]);
      const keys = database.prepare('select name, key from dynamic_key order by seq').all([]);
      return recordedState(rows.map(parse<StateEvent>), keys as { readonly name: string; readonly key: string }[]);
    },
    recorded(asset, partition) {
      return placedEvents(selectPlace.all([asset, partition]).map(parse<StateEvent>));
    },
    stateVersion() {
      const [row] = database.prepare('select version from state_version').all([]) as readonly { version: number }[];
      return row?.version ?? 0;
    },
  };
}
