import { SpindleError } from '../../runtime/errors.ts';
import type { TableSpec } from '../../runtime/resource/warehouse.ts';

export function tableUnknown(name: string): SpindleError {
  return new SpindleError('TABLE_UNKNOWN', `the warehouse has no table or view ${name}`, {
    remedy: 'Materialize the asset that writes it, or name one of the tables that `spindle query` lists.',
  });
}

/** The error for rows that another code or schema version wrote and that this one cannot stand beside. */
export function needsRebuild(table: TableSpec, reasons: readonly string[]): SpindleError {
  return new SpindleError(
    'TABLE_NEEDS_REBUILD',
    `table ${table.name} holds rows of an earlier version of its asset: ${reasons.join('; ')}`,
    {
      issues: reasons,
      remedy: 'Materialize its asset with --full-refresh: the table is deleted and loaded again in one transaction.',
    },
  );
}

export const OTHER_CODE = 'the code or the schema of the asset changed since they were written';

/**
 * Whether rows of `generation` may come beside those of the table's earlier one. They may where there are none yet, and where the declaration
 * only grew (the table was altered for it). The same columns under another generation are changed code: appending or merging would mix what two codes made.
 */
export function assertGeneration(
  table: TableSpec,
  recorded: { readonly generation: string; readonly rows: number },
  altered: boolean,
): void {
  if (recorded.generation !== table.generation && recorded.rows > 0 && !altered) throw needsRebuild(table, [OTHER_CODE]);
}

/** The error for a replay of a record that is not among the dead letters. */
export function replayMismatch(
  object: string,
  {
    deadLetters,
    topic,
    partition,
    offset,
  }: { readonly deadLetters: string; readonly topic: unknown; readonly partition: unknown; readonly offset: unknown },
): SpindleError {
  return new SpindleError(
    'REPLAY_MISMATCH',
    `the object ${object} replays ${String(topic)}/${String(partition)}/${String(offset)}, which is not (or not any more) among the dead letters of its chain in ${deadLetters}`,
    {
      remedy:
        'Nothing was loaded. Rebuild the table from its objects, by materializing its asset with --full-refresh. Where that ends in the same way, an object of the chain is missing or was changed: restore it.',
    },
  );
}

/** The error for a table that somebody dropped or emptied between the listing of what is new and its load. */
export function tableEmptied(table: string): SpindleError {
  return new SpindleError('TABLE_EMPTIED', `table ${table} was emptied or dropped while what is new was listed`, {
    remedy: 'Run the same command again: it loads all of it.',
    transient: true,
  });
}

export function keyMissing(table: TableSpec): SpindleError {
  return new SpindleError('GRAPH_INVALID', `table ${table.name} is written by merge and declares no key`, {
    remedy: "Name the columns that identify a row: table(name, schema, { write: 'merge', key: [...] }).",
  });
}

export function duplicateKey(table: TableSpec, key: string): SpindleError {
  return new SpindleError('ROWS_INVALID', `two rows to be merged into ${table.name} have the key ${key}`, {
    remedy: 'Return one row for each key.',
    ...(table.key[0] !== undefined && { field: table.key[0] }),
  });
}

export function outsideSlice(table: TableSpec, rows: number, column: string): SpindleError {
  return new SpindleError('ROWS_INVALID', `${rows} rows written to ${table.name} lie outside the slice that they replace, by "${column}"`, {
    field: column,
    remedy: "Return only rows of the asset's partition.",
  });
}
