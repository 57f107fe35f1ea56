import type { Dialect } from './dialect.ts';

/** A quoted identifier. Snowflake's is upper case, which is what the same name without quotes means there. */
export function quoteIdentifier(name: string, dialect: Dialect): string {
  const folded = dialect === 'snowflake' ? name.toUpperCase() : name;
  return `"${folded.replaceAll('"', '""')}"`;
}

/** `schema.table`, each part quoted; only the first dot separates. */
export function quoteTable(name: string, dialect: Dialect): string {
  const { schema, table } = splitTable(name);
  return `${quoteIdentifier(schema, dialect)}.${quoteIdentifier(table, dialect)}`;
}

/** The parts of `schema.table`; a name without a schema is in `main`. */
export function splitTable(name: string): { readonly schema: string; readonly table: string } {
  const dot = name.indexOf('.');
  return dot < 0 ? { schema: 'main', table: name } : { schema: name.slice(0, dot), table: name.slice(dot + 1) };
}

/** A literal of SQL. Snowflake reads backslashes in a text as escapes, DuckDB does not; DuckDB's text ends at a NUL, so one is written as chr(0). */
export function quoteLiteral(value: string | number | boolean | null, dialect: Dialect): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  const quoted = value.replaceAll("'", "''");
  return dialect === 'snowflake' ? `'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted.replaceAll('\0', "' || chr(0) || '")}'`;
}
