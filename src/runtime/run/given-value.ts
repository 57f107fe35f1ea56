import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import type { PartitionSlice } from '../partitions/slice.ts';
import type { Given } from './fixture.ts';
import type { RunContext } from './run-context.ts';
import { openAll } from './store-access.ts';

/** The version of given rows: equal rows, equal version. */
export const givenVersion = (...rows: readonly unknown[]): string => digest(...rows.map((given) => canonicalJson(given) ?? ''));

/** What dependents receive where a test gave rows (or a value): those of the slice, as far as the store can tell. */
export function givenValue(
  run: Pick<RunContext, 'resources'>,
  { key: assetKey, store }: AssetDefinition,
  { fixtures, slice }: { readonly fixtures: readonly Given[]; readonly slice: PartitionSlice },
): unknown {
  const [first, ...others] = fixtures;
  const rows = others.length === 0 ? first?.rows : fixtures.flatMap((fixture) => fixture.rows);
  const access = { assetKey, partitions: slice, resources: () => openAll(run, store?.resources ?? {}) };
  return store === undefined ? rows : store.spec.given(rows, givenVersion(...fixtures.map((fixture) => fixture.rows)), access);
}
