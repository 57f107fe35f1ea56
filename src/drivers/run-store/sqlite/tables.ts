import type { Database } from 'libsql';
import type { EventFilter, RecordedState, RunSummary } from '../../../runtime/resource/run-store.ts';
import type { RunEvent } from '../../../runtime/run/event.ts';
import { hasEnded, parseIdentity } from '../../disk/process-identity.ts';
import { foldRun, recordedState, slotKey, stateChange, type StateChange, type StateEvent } from '../../../runtime/run/fold-state.ts';

/** The statements of the run store; whoever calls `insert` holds a transaction. */
export interface Tables {
  /** Appends the event with everything folded from it; true where the state changed. */
  insert(event: RunEvent): boolean;
  /** Ends the runs whose process died before it could: as failed, at the time of their last event. */
  endDeadRuns(): void;
  events(filter: EventFilter): RunEvent[];
  runs(limit: number): RunSummary[];
  state(assets?: readonly string[]): RecordedState;
  /** How often the state has changed. */
  stateVersion(): number;
}

interface JsonRow {
  readonly json: string;
}

// every row is one that `insert` wrote
const parse = <T>(row: unknown): T => JSON.parse((row as JsonRow).json) as T;

export function createTables(database: Database): Tables {
  const insertEvent = database.prepare('insert into event (run, type, asset, partition, at, json) values (?, ?, ?, ?, ?, ?)');
  const selectRun = database.prepare('select json from run where run = ?');
  const upsertRun = database.prepare('insert into run (run, json) values (?, ?) on conflict (run) do update set json = excluded.json');
  const upsertState = database.prepare('insert or replace into state (slot, asset, partition, name, json) values (?, ?, ?, ?, ?)');
  const clearState = database.prepare('delete from state where slot = ? and asset = ? and partition = ?');
  const bumpState = database.prepare('update state_version set version = version + 1');

  function changeState({ slot, event, clears }: StateChange): void {
    const { asset, partition, name } = slotKey(event);
    upsertState.run([slot, asset, partition, name, JSON.stringify(event)]);
    for (const cleared of clears) clearState.run([cleared, asset, partition]);
    bumpState.run([]);
  }

  function changeRun(event: RunEvent): void {
    const [row] = selectRun.all([event.run]);
    const before = row === undefined ? undefined : parse<RunSummary>(row);
    const after = foldRun(before, event);
    if (after !== undefined && after !== before) upsertRun.run([event.run, JSON.stringify(after)]);
  }

  function insert(event: RunEvent): boolean {
    const { asset = null, partition = null } = 'asset' in event ? event : {};
    insertEvent.run([event.run, event.type, asset, partition, event.at, JSON.stringify(event)]);
    changeRun(event);
    const change = stateChange(event);
    if (change !== undefined) changeState(change);
    return change !== undefined;
  }

  return {
    insert,
    endDeadRuns() {
      for (const { run, startedAt } of database
        .prepare("select json from run where json ->> 'status' = 'running'")
        .all([])
        .map(parse<RunSummary>)) {
        const events = database
          .prepare('select json from event where run = ? order by seq')
          .all([run])
          .map(parse<RunEvent>);
        const owner = parseIdentity(events.findLast((event) => event.type === 'run.started')?.process ?? '');
        const at = events.at(-1)?.at ?? startedAt;
        if (owner === undefined || !hasEnded(owner)) continue;
        insert({ type: 'run.finished', run, at, status: 'failed', died: true, milliseconds: Date.parse(at) - Date.parse(startedAt) });
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
    runs(limit) {
      return database
        .prepare('select json from run order by seq desc limit ?')
        .all([limit])
        .map(parse<RunSummary>);
    },
    state(assets) {
      const rows =
        assets === undefined
          ? database.prepare('select json from state').all([])
          : database.prepare('select json from state where asset in (select value from json_each(?))').all([JSON.stringify(assets)]);
      return recordedState(rows.map(parse<StateEvent>));
    },
    stateVersion() {
      const [row] = database.prepare('select version from state_version').all([]) as readonly { version: number }[];
      return row?.version ?? 0;
    },
  };
}
