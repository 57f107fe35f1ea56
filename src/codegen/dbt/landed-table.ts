import type { z } from 'zod';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';

/** The columns by which each row of a landed table is another one. */
export const LANDED_KEY = ['_topic', '_partition', '_offset'] as const;

/** Whether the table holds landed records: its ledger has each of them once. */
export function isLanded({ store, dependencies }: AssetDefinition): boolean {
  const shape = (store?.spec.schema as z.ZodObject | undefined)?.shape ?? {};
  const readsLanding = Object.values(dependencies).some(
    ({ upstream, mapping }) => mapping.kind !== 'order' && upstream.store?.kind === 'landing',
  );
  return readsLanding && LANDED_KEY.every((name) => Object.hasOwn(shape, name));
}
