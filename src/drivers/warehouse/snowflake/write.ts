import type { TableSpec, TableWrite, WriteOutcome } from '../../../runtime/resource/warehouse.ts';
import { quoteTable } from '../../../runtime/schema/quote.ts';
import type { Staging } from '../staging.ts';
import { rowsOutcome } from '../outcome.ts';
import { duplicateKey, keyMissing, outsideSlice } from '../table-errors.ts';
import { addDigest, emptyDigest, subtractDigest, type TableDigest } from '../version.ts';
import { createSuccessor, differs, ensureColumns } from './ensure.ts';
import { inTurn } from './in-turn.ts';
import { assertKnownGeneration } from './known-generation.ts';
import { addWrite, forgetWrites, knowsAppend, LOADS, writeGeneration, writeState, type TableState } from './ledger.ts';
import type { Target } from './load-transaction.ts';
import { quoted } from './read-line.ts';
import { digestRows } from './row-hash.ts';
import type { Session } from './session.ts';
import { nameSuccessor } from './succession.ts';
import type { Work } from './work.ts';
import type { Sessions } from './sessions.ts';
import { sliceCondition } from './slice-condition.ts';
import { stageRows, type StagedRows } from './stage-rows.ts';

/** Writes rows in one transaction. They are staged in a temporary table first, so that a slow function does not hold the table. */
export async function writeTable(sessions: Sessions, staging: Staging, write: TableWrite): Promise<WriteOutcome> {
  if (write.mode === 'merge' && write.table.key.length === 0) throw keyMissing(write.table);
  const file = await staging.writeRows(write.rows, write.signal);
  try {
    return await sessions.write(async (session) => {
      const staged = await stageRows(session, write.table, file);
      await assertInside(session, write, staged);
      if (write.mode === 'merge') await assertUnique(session, write.table, staged);
      return inTurn<Target, WriteOutcome>(session, {
        table: write.table.name,
        generation: write.table.generation,
        signal: write.signal,
        prepare: (state) => targetOf(session, write, state),
        write: (target, work, state) => writeStaged(work, write, { staged, target, state }),
      });
    }, write.signal);
  } finally {
    await staging.remove(file.path);
  }
}

/** The table as declared: anew where it is replaced as a whole or a full refresh finds another generation or other columns, else with what it holds. */
async function targetOf(
  session: Session,
  { table, mode, slices = [], fullRefresh = false }: TableWrite,
  state: TableState,
): Promise<Target> {
  const { name } = table;
  const isOther = await differs(session, table);
  const isWhole = mode === 'replace' && slices.length === 0;
  const isAnew = isWhole || (fullRefresh && (state.generation !== table.generation || isOther));
  if (isAnew && isOther) {
    const successor = await nameSuccessor(session, name);
    await createSuccessor(session, table, successor);
    return { how: 'successor', name: successor };
  }
  const growing = () => writeGeneration(session, name, table.generation);
  const made = await ensureColumns(session, table, { growing });
  if (isAnew || made === 'created') return { how: 'anew', name };
  if (mode !== 'replace') await assertKnownGeneration(session, table, { state, made });
  return { how: 'beside', name };
}

interface Prepared {
  readonly staged: StagedRows;
  readonly target: Target;
  readonly state: TableState;
}

async function writeStaged(work: Work, write: TableWrite, { staged, target, state }: Prepared): Promise<WriteOutcome> {
  const { table, mode } = write;
  const { session, change, holds } = work;
  const isAnew = target.how !== 'beside';
  if (isAnew) {
    await change(`DELETE FROM ${LOADS} WHERE ${holds} AND "TABLE_NAME" = ?`, [table.name]);
    await forgetWrites(work, table.name);
    if (target.how === 'anew') await change(`DELETE FROM ${quoteTable(table.name, 'snowflake')} WHERE ${holds}`);
  }
  const successor = target.how === 'successor' ? target.name : undefined;
  const base = { generation: table.generation, successor };
  if (mode === 'append' && (await knowsAppend(session, table.name, write.identity))) {
    await writeState(work, table.name, { ...base, digest: state.digest });
    return rowsOutcome({ rows: 0, bytes: 0 }, state.digest, await sliceDigest(session, write, target));
  }
  const digest = await apply(work, write, { staged, target, before: isAnew ? emptyDigest : state.digest });
  await addWrite(work, write, { rows: staged.rows, sequence: state.sequence });
  await writeState(work, table.name, { ...base, digest });
  return rowsOutcome(staged, digest, await sliceDigest(session, write, target));
}

/** Brings the staged rows into the table; gives its digest after. */
async function apply(
  { session, change, holds }: Work,
  { table, mode, slices = [] }: TableWrite,
  { staged, target, before }: { readonly staged: StagedRows; readonly target: Target; readonly before: TableDigest },
): Promise<TableDigest> {
  const name = quoteTable(target.name, 'snowflake');
  const list = table.columns.map(quoted).join(', ');
  const insert = async () => {
    await change(`INSERT INTO ${name} (${list}) SELECT ${list} FROM ${staged.table} WHERE ${holds}`);
    return digestRows(session, table.columns, staged.table);
  };
  switch (mode) {
    case 'append':
      return addDigest(before, await insert());
    case 'replace': {
      if (slices.length === 0) return insert();
      const condition = sliceCondition(slices);
      const removed = await digestRows(session, table.columns, `${name} WHERE ${condition}`);
      await change(`DELETE FROM ${name} WHERE ${holds} AND ${condition}`);
      return addDigest(subtractDigest(before, removed), await insert());
    }
    case 'merge': {
      const same = (left: string, right: string) =>
        table.key
          .map((key) => quoted({ name: key }))
          .map((key) => `EQUAL_NULL(${left}.${key}, ${right}.${key})`)
          .join(' AND ');
      const removed = await digestRows(
        session,
        table.columns,
        `(SELECT T.* FROM ${name} T WHERE EXISTS (SELECT 1 FROM ${staged.table} S WHERE ${same('T', 'S')}))`,
      );
      const others = table.columns.filter((column) => !table.key.includes(column.name)).map(quoted);
      await change(
        `MERGE INTO ${name} T USING (SELECT * FROM ${staged.table} WHERE ${holds}) S ON ${same('T', 'S')}${
          others.length === 0 ? '' : `\nWHEN MATCHED THEN UPDATE SET ${others.map((column) => `T.${column} = S.${column}`).join(', ')}`
        }\nWHEN NOT MATCHED THEN INSERT (${list}) VALUES (${table.columns.map((column) => `S.${quoted(column)}`).join(', ')})`,
      );
      return addDigest(subtractDigest(before, removed), await digestRows(session, table.columns, staged.table));
    }
  }
}

/** A row outside of the slice would stay when the slice is replaced again. */
async function assertInside(session: Session, { table, mode, slices = [] }: TableWrite, staged: StagedRows): Promise<void> {
  if (mode !== 'replace') return;
  for (const slice of slices) {
    const [row] = await session.select(`SELECT COUNT(*) AS N FROM ${staged.table} WHERE NOT COALESCE(${sliceCondition([slice])}, FALSE)`);
    if (Number(row?.['n']) > 0) throw outsideSlice(table, Number(row?.['n']), slice.column);
  }
}

async function assertUnique(session: Session, table: TableSpec, staged: StagedRows): Promise<void> {
  const keys = table.key.map((name) => quoted({ name })).join(', ');
  const [row] = await session.select(`SELECT ${keys} FROM ${staged.table} GROUP BY ${keys} HAVING COUNT(*) > 1 ORDER BY ${keys} LIMIT 1`);
  if (row !== undefined) throw duplicateKey(table, JSON.stringify(row));
}

/** What the written slices hold; undefined for a write of the whole. */
async function sliceDigest(session: Session, { table, slices = [] }: TableWrite, { name }: Target): Promise<TableDigest | undefined> {
  if (slices.length === 0) return undefined;
  return digestRows(session, table.columns, `${quoteTable(name, 'snowflake')} WHERE ${sliceCondition(slices)}`);
}
