import type { AssetOf } from '../declare/asset.ts';
import type { Rows } from '../store/rows.ts';
import type { ObjectsHandle } from '../store/objects-handle.ts';
import type { TopicHandle } from '../store/topic-handle.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the rows decode to
type RowsOrValue<O> = O extends TopicHandle<any, infer W> | ObjectsHandle<any, infer W>
  ? readonly W[]
  : O extends Rows<infer T>
    ? readonly T[]
    : O;

/** Rows (or a value) that stand in for an asset. */
export interface Given {
  readonly asset: string;
  readonly rows: unknown;
  readonly partition: string | undefined;
}

/** Stands in for an upstream asset in a run or a test; the rows are type-checked against what the asset stores. */
export function given<O, P>(
  asset: AssetOf<O, P>,
  rows: NoInfer<RowsOrValue<O>>,
  ...[options]: P extends undefined ? [] : [options?: { partition?: string }]
): Given {
  return { asset: asset.key, rows, partition: options?.partition };
}

/** Config values for one asset, in place of its defaults. */
export interface Configured {
  readonly asset: string;
  readonly values: unknown;
}

export function configure<C>(asset: AssetOf<unknown, unknown, C>, config: NoInfer<C>): Configured {
  return { asset: asset.key, values: config };
}
