import type { Bind } from 'snowflake-sdk';

/** Texts, names in quotes and comments, in which nothing is a parameter; and a parameter by its number. */
const TOKENS = /'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|\$\$[^]*?\$\$|\$(\d+)/g;

/** A statement with parameters as Snowflake takes them: `$1` is a column there, and `:1` the parameter. Those that stand as `?` are taken as they come. */
export function bindParameters(sql: string, params: readonly unknown[]): [sql: string, binds: readonly Bind[]] {
  if (params.length === 0) return [sql, []];
  return [sql.replace(TOKENS, (token, number?: string) => (number === undefined ? token : `:${number}`)), params.map(bindOf)];
}

function bindOf(value: unknown): Bind {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
