/** The SQL dialects that tables are declared in. */
export const DIALECTS = ['duckdb', 'snowflake'] as const;
export type Dialect = (typeof DIALECTS)[number];
