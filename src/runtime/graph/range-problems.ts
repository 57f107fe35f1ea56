import type { AssetDefinition } from '../declare/definition.ts';
import { timesOf } from '../partitions/pairing.ts';

/** Why neighboring partitions of an asset cannot be made in one call, as `backfill: 'range'` asks; `find` gives the definition that a key stands for. */
export function rangeProblems(asset: AssetDefinition, find: (key: string) => AssetDefinition | undefined): readonly string[] {
  const { key, partitions, store, backfill } = asset;
  if (backfill !== 'range') return [];
  const has = "has backfill: 'range'";
  if (partitions === undefined) return [`BACKFILL_RANGE: ${key} ${has}, and no partitions: leave it out.`];
  const problems: string[] = [];
  if (timesOf(partitions).length === 0) problems.push(`BACKFILL_RANGE: ${key} ${has}, and its partitions have no time: leave it out.`);
  if (store?.spec.slices !== true)
    problems.push(
      `BACKFILL_RANGE: ${key} ${has}, and its store keeps each partition by itself: store it in a table, or leave backfill out.`,
    );
  for (const { upstream, mapping } of Object.values(asset.dependencies)) {
    const other = find(upstream.key) ?? upstream;
    if (mapping.kind !== 'same' || other.partitions === undefined || other.store?.spec.readsRows === true) continue;
    problems.push(
      `PARTITION_FAN_IN: ${key} depends on ${upstream.key}. With backfill: 'range' one call reads several of the upstream's partitions, whose store keeps one value for each: use every(…), window(…) or mapped(…), or leave backfill out.`,
    );
  }
  return problems;
}
