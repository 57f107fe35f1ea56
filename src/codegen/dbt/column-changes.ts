import { parse } from 'yaml';
import { z } from 'zod';

/** What happened to the columns of a table that dbt was told of. */
export interface ColumnChanges {
  /** `schema.table`. */
  readonly relation: string;
  readonly gone: readonly string[];
  readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

const Column = z.object({ name: z.string(), data_type: z.string().optional() });
const Table = z.object({ name: z.string(), columns: z.array(Column).default([]) });
const File = z.object({ sources: z.array(z.object({ name: z.string(), tables: z.array(Table).default([]) })).default([]) });

/** Compares two texts of `sources.yml`, as generated: columns that the first has and the second has not, or with another type. A text that is none has no tables. */
export function columnChanges(before: string, after: string): readonly ColumnChanges[] {
  const now = tablesIn(after);
  return [...tablesIn(before)].flatMap(([relation, columns]) => {
    const kept = now.get(relation) ?? new Map<string, string>();
    const gone = [...columns.keys()].filter((name) => !kept.has(name));
    const retyped = [...columns].flatMap(([name, from]) => {
      const to = kept.get(name);
      return to === undefined || to === from ? [] : [{ name, from, to }];
    });
    return gone.length + retyped.length === 0 ? [] : [{ relation, gone, retyped }];
  });
}

/** The types of the columns by name, by table. */
function tablesIn(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const file = File.safeParse(parsed(text)).data;
  return new Map(
    (file?.sources ?? []).flatMap(({ name: schema, tables }) =>
      tables.map(({ name, columns }) => [
        `${schema}.${name}`,
        new Map(columns.map((column) => [onDuckDb(column.name), onDuckDb(column.data_type ?? '')])),
      ]),
    ),
  );
}

/** Of a text that differs by target, what DuckDB has: a name as it was declared. */
const onDuckDb = (text: string): string => /else '(\w+)' \}\}$/.exec(text)?.[1] ?? text;

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined; // edited by hand: the diff shows how
  }
}
