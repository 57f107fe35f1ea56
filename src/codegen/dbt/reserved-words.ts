import type { Dialect } from '../../runtime/schema/dialect.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** The words that cannot be a column's or a table's name without quotes. A test holds DuckDB's to be those of its version. */
export const RESERVED: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  duckdb: words(`
    all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check collate collation column columns
    concurrently constraint create cross default deferrable desc describe distinct do else end except false fetch for foreign freeze from full
    generated glob group having ilike in initially inner intersect into is isnull join lambda lateral leading left like limit map natural not notnull
    null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right select
    semi show similar some struct summarize symmetric table tablesample then to trailing true try_cast union unique unpack unpivot using variadic
    verbose when where window with`),
  snowflake: words(`
    account all alter and any as between by case cast check column connect connection constraint create cross current current_date current_time
    current_timestamp current_user database delete distinct drop else exists false following for from full grant group gscluster having ilike in
    increment inner insert intersect into is issue join lateral left like localtime localtimestamp minus natural not null of on or order
    organization qualify regexp revoke right rlike row rows sample schema select set some start table tablesample then to trigger true try_cast
    union unique update using values view when whenever where with`),
};
