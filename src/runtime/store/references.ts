import type { AssetDefinition } from '../declare/definition.ts';
import type { AssetOf } from '../declare/asset.ts';
import { columnShape } from '../schema/column-type.ts';
import type { Row } from './row.ts';
import type { TableHandle } from './table-handle.ts';

/** The column of another table that a column's values are found in. */
export interface ColumnReference {
  readonly asset: AssetDefinition;
  readonly column: string;
}

/**
 * Says that the values of a column are those of a column of another table: of a table asset, or of a dbt model. For an option of `table()`:
 *
 *     table('bronze.plays', Play, { references: { user_id: references(users, 'user_id') } })
 */
export function references<T>(asset: AssetOf<TableHandle<T>>, column: keyof T & string): ColumnReference {
  return { asset: asset.definition, column };
}

/** What is wrong with the references of a table, one sentence for each. */
export function referenceProblems(schema: Row, declared: Readonly<Record<string, ColumnReference>>): readonly string[] {
  return Object.entries(declared).flatMap(([name, { asset, column }]) => {
    const target = asset.store?.spec;
    const columns = target?.kind === 'table' ? (target.schema as Row | undefined)?.shape : undefined;
    const place = `${asset.key}.${column}`;
    if (!(name in schema.shape)) return [`it declares a reference of the column "${name}", which its schema does not have`];
    if (columns === undefined) return [`its column "${name}" references ${asset.key}, which is no table: name an asset with a table store`];
    const field = columns[column];
    if (field === undefined) return [`its column "${name}" references ${place}, and ${asset.key} has no such column`];
    const [own, other] = [columnShape(schema.shape[name]!), columnShape(field)];
    // A column without a type is reported by itself.
    if ('problem' in own || 'problem' in other || own.type === other.type) return [];
    return [`its column "${name}" is ${own.type}, and references ${place}, which is ${other.type}: give both the same type`];
  });
}
