import { z } from 'zod';
import type { AssetDefinition } from '../declare/definition.ts';
import { kindOf } from '../graph/kind.ts';
import type { Column } from '../schema/column.ts';
import { columnsOf } from '../schema/columns-of.ts';
import { loadColumns } from '../schema/load-columns.ts';

const KINDS: readonly string[] = ['landing', 'files', 'objects'];

/** Whether a table is one of objects that are loaded in bulk, as far as its declaration tells: it has the very columns of a landing, or of files or objects, that it depends on. */
export function isLoaded({ store, run, dependencies }: AssetDefinition): boolean {
  if (store?.kind !== 'table' || run === undefined) return false;
  const columns = columnNames(store.spec.schema);
  return Object.values(dependencies).some(
    ({ upstream, mapping }) =>
      mapping.kind !== 'order' && KINDS.includes(kindOf(upstream)) && columnNames(upstream.store?.spec.schema) === columns,
  );
}

/** The columns of a table as the warehouse has it: those of its schema, behind them those that a load of objects adds. SCHEMA_UNMAPPABLE where one cannot be mapped. */
export function tableColumns(asset: AssetDefinition): readonly Column[] {
  const declared = columnsOf(asset.store?.spec.schema as z.ZodObject, { asset: asset.key });
  if (!isLoaded(asset)) return declared;
  const names = new Set(declared.map(({ name }) => name.toLowerCase()));
  return [...declared, ...loadColumns.filter(({ name }) => !names.has(name))];
}

function columnNames(schema: unknown): string | undefined {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).toSorted().join(' ') : undefined;
}
