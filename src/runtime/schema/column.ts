/** What a column can hold, before a dialect names it. `json` is an object, an array or a record; `timestamp` an instant in UTC, to the millisecond at least. */
export const COLUMN_TYPES = ['string', 'integer', 'number', 'boolean', 'timestamp', 'date', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** One column of a table, as a zod object declares it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly description?: string;
  /** The only values allowed, in the order of the schema. */
  readonly values?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** True for a timestamp whose text may carry an offset other than `Z`: a loader converts it, for a plain cast would drop it. */
  readonly offset?: boolean;
}
