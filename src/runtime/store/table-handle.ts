import type { z } from 'zod';
import type { Row } from './row.ts';
import type { Rows } from './rows.ts';

export interface TableHandle<T> extends Rows<T> {
  readonly kind: 'table';
  readonly table: string;
  /** Rows of a query, each parsed by `schema`. The query sees the whole table, whatever slice the handle is of. */
  sql<S extends Row>(schema: S, query: string, params?: readonly unknown[]): Promise<z.output<S>[]>;
}
