import { randomUUID } from 'node:crypto';
import type { Bind, Column, Connection, RowStatement } from 'snowflake-sdk';

/** A statement's parameters: those of one row, or of many rows at once. */
export type Binds = readonly Bind[] | readonly (readonly Bind[])[];

export interface Result {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface SessionOptions {
  /** What the account's query history says of each statement. */
  readonly tag: string;
  /** Ends the statement that runs. */
  readonly signal?: AbortSignal | undefined;
}

/** One session of the account for one operation: its statements run one after the other, and temporary tables are its own. */
export class Session {
  readonly #connection: Connection;
  readonly #options: SessionOptions;
  readonly #temporary: string[] = [];

  constructor(connection: Connection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Runs a statement and gives its whole result: for small ones. */
  async run(sql: string, binds: Binds = []): Promise<Result> {
    const { statement, rows } = await this.#execute(sql, binds, false);
    return { columns: statement.getColumns?.() ?? [], rows: rows as readonly (readonly unknown[])[] };
  }

  /** The rows of a small result by lower-case names, numbers as text: what a driver asks for itself. */
  async select(sql: string, binds: Binds = []): Promise<readonly Readonly<Record<string, string | null>>[]> {
    const { columns, rows } = await this.run(sql, binds);
    const names = columns.map((column) => column.getName().toLowerCase());
    return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, textOf(row[index])])));
  }

  /** Makes a table that is dropped with the work; gives its name. `definition` is what follows the name. */
  async createTemporary(kind: string, definition: string): Promise<string> {
    const table = `"_SPINDLE"."${kind} ${randomUUID().slice(0, 8)}"`;
    await this.run(`CREATE TEMPORARY TABLE ${table} ${definition}`);
    this.#temporary.push(table);
    return table;
  }

  /** Drops the temporary tables: a session outlives the work, and they cost what they hold. */
  async clear(): Promise<void> {
    for (const table of this.#temporary.splice(0)) await this.run(`DROP TABLE IF EXISTS ${table}`);
  }

  /** Runs a statement that writes, and gives the number of rows that it wrote or deleted. */
  async change(sql: string, binds: Binds = []): Promise<number> {
    const { rows } = await this.run(sql, binds);
    return (rows[0] ?? []).reduce<number>((total, count) => total + Number(count), 0);
  }

  /** Runs a statement whose rows come one by one, whatever their number. */
  async stream(
    sql: string,
    binds: Binds = [],
  ): Promise<{ readonly columns: readonly Column[]; readonly rows: AsyncIterable<readonly unknown[]> }> {
    const { statement } = await this.#execute(sql, binds, true);
    return { columns: statement.getColumns() ?? [], rows: statement.streamRows() };
  }

  #execute(
    sql: string,
    binds: Binds,
    streamResult: boolean,
  ): Promise<{ readonly statement: RowStatement; readonly rows: readonly unknown[] }> {
    const { signal, tag } = this.#options;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const cancel = () => statement.cancel(() => {});
      const statement = this.#connection.execute({
        sqlText: sql,
        ...(binds.length > 0 && { binds: binds as Bind[] }),
        parameters: { QUERY_TAG: tag },
        streamResult,
        complete: (error, done, rows) => {
          signal?.removeEventListener('abort', cancel);
          if (signal?.aborted === true) reject(signal.reason as Error);
          else if (error) reject(error);
          else resolve({ statement: done as RowStatement, rows: rows ?? [] });
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
