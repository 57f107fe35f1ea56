import type { Faults } from '../../../runtime/resource/faults.ts';
import type { TableLoad, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { loadColumns } from '../../../runtime/schema/load-columns.ts';
import { assertLoadable, chooseCandidates, type Candidates, type LoadedObject } from '../candidates.ts';
import type { Staging } from '../staging.ts';
import { tableEmptied } from '../table-errors.ts';
import { createCandidates } from './candidates-table.ts';
import { copyObjects } from './copy-objects.ts';
import { isEmptied } from './emptied.ts';
import { createSuccessor, differs, ensureColumns } from './ensure.ts';
import type { ExternalStage } from './external-stage.ts';
import { inTurn } from './in-turn.ts';
import { assertKnownGeneration } from './known-generation.ts';
import { readLoads, writeGeneration, type TableState } from './ledger.ts';
import { stageLetters } from './letters.ts';
import { together } from './lines.ts';
import { writeLoad, type PreparedLoad, type Target } from './load-transaction.ts';
import { stageReplayed } from './resolve.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { nameSuccessor } from './succession.ts';
import { stageFiles, type StagedFiles } from './stage-files.ts';
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
async function prepare(session: Session, tools: LoadTools, load: TableLoad, state: TableState): Promise<PreparedLoad> {
  await ensureColumns(session, load.deadLetters);
  const target = await targetOf(session, load, state);
  const objects = await createCandidates(session, load.objects);
  const known = target.how === 'beside' ? await readLoads(session, load.table.name, objects) : new Map<string, LoadedObject>();
  const { pending, files, replaced } = chooseCandidates(load.objects, known);
  const records = await stageRecords(session, tools, { load, pending, files, table: objects });
  const letters = await stageLetters(session, load, pending);
  return {
    target,
    loaded: [...pending, ...records.loaded],
    replaced,
    objects,
    outdated: replaced.length === 0 ? undefined : await createCandidates(session, replaced),
    records: records.records,
    letters: [letters, records.letters].filter((lines) => lines !== undefined),
    replayed: await stageReplayed(session, load, pending),
  };
}

interface Pending extends Pick<Candidates, 'pending' | 'files'> {
  readonly load: TableLoad;
  /** The temporary table of the candidates. */
  readonly table: string;
}

/** The records of what is pending, objects and files, and what came to light about the files. These come from here, whatever stage there is: Node judges their lines. */
async function stageRecords(
  session: Session,
  { staging, stage }: LoadTools,
  { load, pending, files, table }: Pending,
): Promise<StagedFiles> {
  const numbers = new Map(load.objects.map(({ key }, number) => [key, number]));
  const numberOf = ({ key }: { readonly key: string }) => numbers.get(key) ?? 0;
  const objects = pending.map((object) => ({ number: numberOf(object), object }));
  const ofObjects = () =>
    stage === undefined ? stageObjects(session, staging, load, objects) : copyObjects(session, stage, load, { objects, table });
  if (files.length === 0) return { records: await ofObjects(), letters: undefined, loaded: [] };
  const staged = await stageFiles(session, staging, { load, files: new Map(files.map((file) => [numberOf(file), file])) });
  return objects.length === 0 ? staged : { ...staged, records: together(staged.records, await ofObjects()) };
}

/** A table that somebody else emptied is filled again, whatever the ledger says. */
async function targetOf(session: Session, { table, fullRefresh = false, behind = false }: TableLoad, state: TableState): Promise<Target> {
  const { name } = table;
  if (fullRefresh && (await differs(session, table))) {
    const successor = await nameSuccessor(session, name);
    await createSuccessor(session, table, successor, loadColumns);
    return { how: 'successor', name: successor };
  }
  const growing = () => writeGeneration(session, name, table.generation);
  const made = await ensureColumns(session, table, { added: loadColumns, growing });
  if (fullRefresh) return { how: 'anew', name };
  if (made === 'created' || (await isEmptied(session, name, state))) {
    if (behind) throw tableEmptied(name);
    return { how: 'anew', name };
  }
  await assertKnownGeneration(session, table, { state, made });
  return { how: 'beside', name };
}
