import type { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { Column } from '../../runtime/schema/column.ts';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import { loadColumns } from '../../runtime/schema/load-columns.ts';

/** The columns of a table as the warehouse has it: those of the schema, behind them those that a load of objects adds. SCHEMA_UNMAPPABLE where one cannot be mapped. */
export function sourceColumns(asset: AssetDefinition): readonly Column[] {
  const declared = columnsOf(schemaOf(asset), { asset: asset.key });
  if (!isLoaded(asset)) return declared;
  const names = new Set(declared.map(({ name }) => name.toLowerCase()));
  return [...declared, ...loadColumns.filter(({ name }) => !names.has(name))];
}

const schemaOf = ({ store }: AssetDefinition): z.ZodObject => store?.spec.schema as z.ZodObject;

/** Whether objects of the lake are loaded into the table: it depends on some. */
export const isLoaded = (asset: AssetDefinition): boolean => readsFrom(asset, ['landing', 'objects', 'files']);

/** The columns by which each row of a landed table is another one. */
export const LANDED_KEY = ['_topic', '_partition', '_offset'] as const;

/** Whether the table holds landed records: its ledger has each of them once. */
export const isLanded = (asset: AssetDefinition): boolean =>
  readsFrom(asset, ['landing']) && LANDED_KEY.every((name) => Object.hasOwn(schemaOf(asset).shape, name));

const readsFrom = ({ dependencies }: AssetDefinition, kinds: readonly string[]): boolean =>
  Object.values(dependencies).some(({ upstream, mapping }) => mapping.kind !== 'order' && kinds.includes(upstream.store?.kind ?? ''));
