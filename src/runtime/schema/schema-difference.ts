import type { Column } from './column.ts';
import type { Dialect } from './dialect.ts';
import { loadColumns } from './load-columns.ts';
import { sqlType } from './sql-type.ts';

/** A column as the warehouse describes it; `type` in the words of {@link sqlType}. */
export interface ActualColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** What separates a table from its declaration: what an ALTER can add, and what only a rebuild can change, in words. */
export interface SchemaDifference {
  readonly add: readonly Column[];
  readonly loosen: readonly string[];
  readonly rebuild: readonly string[];
}

/** Compares by name without case; the order of columns and the loader's own columns do not count. */
export function schemaDifference(actual: readonly ActualColumn[], declared: readonly Column[], dialect: Dialect): SchemaDifference {
  const present = new Map(actual.map((column) => [column.name.toLowerCase(), column]));
  const wanted = new Set([...declared, ...loadColumns].map(({ name }) => name.toLowerCase()));
  const add: Column[] = [];
  const loosen: string[] = [];
  const rebuild: string[] = [];
  for (const column of declared) {
    const found = present.get(column.name.toLowerCase());
    const type = sqlType(column, dialect);
    if (found === undefined && column.nullable) add.push(column);
    else if (found === undefined) rebuild.push(`"${column.name}" is new and not nullable`);
    else if (found.type !== type) rebuild.push(`"${column.name}" is ${found.type} and is declared ${type}`);
    else if (found.nullable && !column.nullable) rebuild.push(`"${column.name}" is nullable and is declared not nullable`);
    else if (!found.nullable && column.nullable) loosen.push(column.name);
  }
  for (const { name } of actual)
    if (!wanted.has(name.toLowerCase())) rebuild.push(`"${dialect === 'snowflake' ? name.toLowerCase() : name}" is no longer declared`);
  return { add, loosen, rebuild };
}
