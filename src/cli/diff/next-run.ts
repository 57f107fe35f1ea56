import type { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Project } from '../../runtime/declare/project.ts';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import { alterTable } from '../../runtime/schema/create-table.ts';
import { DIALECTS, type Dialect } from '../../runtime/schema/dialect.ts';
import type { Change } from '../../runtime/schema/evolution/change.ts';
import { columnOf, compareTables, tableShape, type TableShape } from '../../runtime/schema/evolution/compare-tables.ts';
import { schemaDifference } from '../../runtime/schema/schema-difference.ts';
import { sqlType } from '../../runtime/schema/sql-type.ts';
import { isLoaded } from '../../runtime/store/table-columns.ts';
import { tableWarehouse } from '../../runtime/store/table-warehouse.ts';

/**
 * What the next run does with a table that was made as it was declared before. `anew`: writes all of it, as it always does. `alter`: adds to it, and keeps its rows.
 * `rebuild`: refuses, unless it is told to delete and load it again. `foreign`: something else writes it.
 */
export type NextRun =
  | { readonly kind: 'same' | 'anew' | 'foreign' }
  | { readonly kind: 'alter'; readonly statements: readonly { readonly dialect: Dialect; readonly sql: readonly string[] }[] }
  | { readonly kind: 'rebuild'; readonly reasons: readonly string[] };

export function nextRun(asset: AssetDefinition, before: TableShape, dialects: readonly Dialect[]): NextRun {
  const { key, store, run, partitions, codeVersion } = asset;
  if (run === undefined || store === undefined) return { kind: 'foreign' };
  const loaded = isLoaded(asset);
  const accumulates = store.spec.accumulates === true || loaded;
  if (!accumulates && partitions === undefined) return { kind: 'anew' };
  const schema = store.spec.schema as z.ZodObject;
  const columns = columnsOf(schema, { asset: key });
  const differences = dialects.map((dialect) => {
    const actual = before.columns.map(({ name, type, nullable }) => ({ name, type: sqlType({ type }, dialect), nullable }));
    return { dialect, difference: schemaDifference(actual, columns, dialect) };
  });
  const reasons = new Set(differences.flatMap(({ difference }) => difference.rebuild));
  if (reasons.size > 0) return { kind: 'rebuild', reasons: [...reasons] };
  // a schema is a part of the code, unless somebody says which version that is
  const isOtherCode = accumulates && codeVersion === undefined;
  const remade: NextRun = { kind: 'rebuild', reasons: ['its rows were added up by code with another schema'] };
  const isAltered = loaded && (store.spec.accumulates !== true || compareTables(before, tableShape(schema, columns)).every(isGrowth));
  if (isOtherCode && !isAltered) return remade;
  const statements = differences.map(({ dialect, difference }) => ({
    dialect,
    sql: alterTable(store.spec.location ?? '', difference, dialect),
  }));
  if (statements.some(({ sql }) => sql.length > 0)) return { kind: 'alter', statements };
  if (isOtherCode) return remade;
  return { kind: 'same' };
}

/** Of a column as such, a new one or one that may be null, or nothing to its values: after any other change a plan does not let a loaded table go on. */
const isGrowth = ({ path, kind }: Change): boolean =>
  kind === 'documentation' || (path === columnOf(path) && (kind === 'added' || kind === 'null'));

/** The dialects of a table's warehouse: that of the environment, or those of all environments. */
export function dialectsOf({ environments }: Project, asset: AssetDefinition, environment: string | undefined): readonly Dialect[] {
  const chosen = environment === undefined ? Object.values(environments) : [environments[environment]];
  const known = new Set(chosen.map((one) => one?.[tableWarehouse(asset)]?.dialect));
  const named = DIALECTS.filter((dialect) => known.has(dialect));
  return named.length === 0 ? DIALECTS : named;
}
