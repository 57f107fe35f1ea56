import type { z } from 'zod';
import type { Column } from '../column.ts';
import { CHANGE_CLASSES, type Change } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import { isSchemaObject, type JsonSchema } from './json-schema.ts';
import { wireJsonSchema } from './wire-json-schema.ts';

/** What of a column decides how a warehouse keeps it. */
export type StoredColumn = Pick<Column, 'name' | 'type' | 'nullable'>;

/** A table as it is declared: its columns, and what their values may be. */
export interface TableShape {
  readonly columns: readonly StoredColumn[];
  /** Of a row; whether a column may be null is said by `columns` alone. */
  readonly schema: JsonSchema;
}

export function tableShape(schema: z.ZodObject, columns: readonly Column[]): TableShape {
  const json = wireJsonSchema(schema);
  return {
    columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
    schema: isSchemaObject(json) ? { ...json, required: [] } : json,
  };
}

/**
 * What became of a table, breaking changes first. `breaking`: rows that are there, or who reads them, cannot go on. `widening`: readers may meet what was not
 * there before. `compatible`: neither. Columns are told apart by their names without case.
 */
export function compareTables(before: TableShape, after: TableShape): readonly Change[] {
  const [old, now] = [byName(before.columns), byName(after.columns)];
  const gone = before.columns.filter(({ name }) => !now.has(name.toLowerCase()));
  const fresh = after.columns.filter(({ name }) => !old.has(name.toLowerCase()));
  const kept = after.columns.flatMap((column) => {
    const was = old.get(column.name.toLowerCase());
    return was === undefined ? [] : [{ was, is: column }];
  });
  const retyped = kept.filter(({ was, is }) => was.type !== is.type && !(was.type === 'integer' && is.type === 'number'));
  const told = new Set([...gone, ...fresh, ...retyped.map(({ is }) => is)].map(({ name }) => name));
  const changes: readonly Change[] = [
    ...gone.map((column) => goneChange(column, { gone, fresh })),
    ...fresh.map(freshChange),
    ...retyped.map(({ was, is }): Change =>
      change(is, { kind: 'type', class: 'breaking', text: `is of the type ${is.type}, and was ${was.type}` }),
    ),
    ...kept.flatMap(nullChange),
    ...compareSchemas(spelledAs(before.schema, kept), after.schema).changes.filter(({ path, kind }) => {
      const isColumn = now.has(path.toLowerCase());
      return !told.has(columnOf(path)) && !(isColumn && (kind === 'null' || kind === 'required'));
    }),
  ];
  const rank = (one: Change): number => -CHANGE_CLASSES.indexOf(one.class);
  return changes.toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

interface Kept {
  readonly was: StoredColumn;
  readonly is: StoredColumn;
}

/** With the columns' names as they are written now. */
function spelledAs(schema: JsonSchema, kept: readonly Kept[]): JsonSchema {
  if (!isSchemaObject(schema) || !isSchemaObject(schema['properties'])) return schema;
  const names = new Map(kept.map(({ was, is }) => [was.name, is.name]));
  const properties = Object.entries(schema['properties']).map(([name, column]) => [names.get(name) ?? name, column]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** The column that a path begins with. */
export const columnOf = (path: string): string => path.split(/[.[(]/, 1)[0] ?? '';

const byName = (columns: readonly StoredColumn[]): ReadonlyMap<string, StoredColumn> =>
  new Map(columns.map((column) => [column.name.toLowerCase(), column]));

type Told = Pick<Change, 'kind' | 'class' | 'text'>;
const change = ({ name }: StoredColumn, told: Told): Change => ({ path: name, ...told });

/** Whether it may have another name is only asked where nothing else could be meant. */
function goneChange(
  column: StoredColumn,
  { gone, fresh }: { readonly gone: readonly StoredColumn[]; readonly fresh: readonly StoredColumn[] },
): Change {
  const like = (other: StoredColumn) => other.type === column.type;
  const [name, ...others] = fresh.filter(like);
  const isOne = name !== undefined && others.length === 0 && gone.filter(like).length === 1;
  return change(column, { kind: 'removed', class: 'breaking', text: `is no longer declared${isOne ? `: is it "${name.name}" now?` : ''}` });
}

const freshChange = (column: StoredColumn): Change =>
  column.nullable
    ? change(column, { kind: 'added', class: 'compatible', text: 'is new, and may be null' })
    : change(column, { kind: 'required', class: 'breaking', text: 'is new, and must not be null: rows that are there have no value' });

function nullChange({ was, is }: Kept): readonly Change[] {
  if (was.nullable === is.nullable) return [];
  return [
    is.nullable
      ? change(is, { kind: 'null', class: 'widening', text: 'may be null' })
      : change(is, { kind: 'null', class: 'breaking', text: 'must not be null' }),
  ];
}
