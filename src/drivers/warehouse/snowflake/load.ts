import type { Faults } from '../../../runtime/resource/faults.ts';
import type { TableLoad, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { loadColumns } from '../../../runtime/schema/load-columns.ts';
import { assertLoadable, chooseCandidates, type LoadedObject } from '../candidates.ts';
import type { Staging } from '../staging.ts';
import { createCandidates } from './candidates-table.ts';
import { copyObjects } from './copy-objects.ts';
import { countRows, createSuccessor, differs, ensureColumns } from './ensure.ts';
import type { ExternalStage } from './external-stage.ts';
import { inTurn } from './in-turn.ts';
import { assertKnownGeneration } from './known-generation.ts';
import { readLoads, writeGeneration, type TableState } from './ledger.ts';
import { stageLetters } from './letters.ts';
import { writeLoad, type PreparedLoad, type Target } from './load-transaction.ts';
import { stageReplayed } from './resolve.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { successorOf } from './succession.ts';
import { stageObjects } from './stage-objects.ts';

export interface LoadTools {
  readonly sessions: Sessions;
  readonly staging: Staging;
  readonly faults: Faults;
  /** Where Snowflake reads the lake's objects itself; by the internal stage where there is none. */
  readonly stage?: ExternalStage | undefined;
}

/** Loads the objects that the ledger does not hold, in one transaction with their entries: whoever loads them too comes later and finds them. */
export async function loadTable(tools: LoadTools, load: TableLoad): Promise<WriteOutcome> {
  const { sessions, faults } = tools;
  assertLoadable(load.table);
  faults('load.before-transaction');
  const outcome = await sessions.write(
    (session) =>
      inTurn<PreparedLoad, WriteOutcome>(session, {
        table: load.table.name,
        generation: load.table.generation,
        signal: load.signal,
        prepare: (state) => prepare(session, tools, load, state),
        write: (prepared, work, state) => writeLoad(work, faults, { load, prepared, state }),
      }),
    load.signal,
  );
  faults('load.after-commit');
  return outcome;
}

/** Everything up to the transaction: the tables as declared, and the records of the objects in a temporary one. */
async function prepare(session: Session, { staging, stage }: LoadTools, load: TableLoad, state: TableState): Promise<PreparedLoad> {
  await ensureColumns(session, load.deadLetters);
  const target = await targetOf(session, load, state);
  const objects = await createCandidates(session, load.objects);
  const known = target.how === 'beside' ? await readLoads(session, load.table.name, objects) : new Map<string, LoadedObject>();
  const { pending, replaced } = chooseCandidates(load.objects, known);
  const numbers = new Map(load.objects.map(({ key }, number) => [key, number]));
  const numbered = pending.map((object) => ({ number: numbers.get(object.key) ?? 0, object }));
  const records =
    stage === undefined
      ? await stageObjects(session, staging, load, numbered)
      : await copyObjects(session, stage, load, { objects: numbered, table: objects });
  return {
    target,
    pending,
    replaced,
    objects,
    outdated: replaced.length === 0 ? undefined : await createCandidates(session, replaced),
    records,
    letters: await stageLetters(session, load, pending),
    replayed: await stageReplayed(session, load, pending),
  };
}

/** A table that somebody else emptied is filled again, whatever the ledger says. */
async function targetOf(session: Session, { table, fullRefresh = false }: TableLoad, state: TableState): Promise<Target> {
  const { name } = table;
  if (fullRefresh && (await differs(session, table))) {
    const successor = successorOf(name);
    await createSuccessor(session, table, successor, loadColumns);
    return { how: 'successor', name: successor };
  }
  const growing = () => writeGeneration(session, name, table.generation);
  const made = await ensureColumns(session, table, { added: loadColumns, growing });
  const isEmptied = state.digest.rows > 0 && (await countRows(session, name)) === 0;
  if (fullRefresh || made === 'created' || isEmptied) return { how: 'anew', name };
  await assertKnownGeneration(session, table, { state, made });
  return { how: 'beside', name };
}
