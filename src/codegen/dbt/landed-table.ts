import type { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';

const schemaOf = ({ store }: AssetDefinition): z.ZodObject => store?.spec.schema as z.ZodObject;

/** The columns by which each row of a landed table is another one. */
export const LANDED_KEY = ['_topic', '_partition', '_offset'] as const;

/** Whether the table holds landed records: its ledger has each of them once. */
export const isLanded = (asset: AssetDefinition): boolean =>
  readsFrom(asset, ['landing']) && LANDED_KEY.every((name) => Object.hasOwn(schemaOf(asset).shape, name));

const readsFrom = ({ dependencies }: AssetDefinition, kinds: readonly string[]): boolean =>
  Object.values(dependencies).some(({ upstream, mapping }) => mapping.kind !== 'order' && kinds.includes(upstream.store?.kind ?? ''));
