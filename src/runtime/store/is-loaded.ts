import { z } from 'zod';
import type { AssetDefinition } from '../declare/definition.ts';
import { kindOf } from '../graph/kind.ts';

const KINDS: readonly string[] = ['landing', 'files', 'objects'];

/** Whether a table is one of objects that are loaded in bulk, as far as its declaration tells: it has the very columns of a landing, or of files or objects, that it depends on. */
export function isLoaded({ store, run, dependencies }: AssetDefinition): boolean {
  if (store?.kind !== 'table' || run === undefined) return false;
  const columns = columnNames(store.spec.schema);
  return Object.values(dependencies).some(
    ({ upstream }) => KINDS.includes(kindOf(upstream)) && columnNames(upstream.store?.spec.schema) === columns,
  );
}

function columnNames(schema: unknown): string | undefined {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).toSorted().join(' ') : undefined;
}
