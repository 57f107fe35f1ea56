import type { AssetDefinition } from '../declare/definition.ts';
import type { Graph } from '../graph/graph.ts';
import { upstreamPartitions, type Reading } from './inputs.ts';

/** The failed blocking check of an input's present version that keeps this step from running, as a sentence; undefined where nothing does. */
export function blockedBy(
  reading: Reading & { readonly graph: Graph },
  asset: AssetDefinition,
  partition: string | undefined,
): string | undefined {
  const { graph, record } = reading;
  for (const dependency of Object.values(asset.dependencies)) {
    const { upstream } = dependency;
    const checks = graph.checksOf(upstream.key);
    if (!checks.some(({ blocking }) => blocking)) continue;
    const blocking = new Map(checks.flatMap((check) => (check.blocking ? [[check.name, check] as const] : [])));
    const partitions = upstream.partitions === undefined ? [] : upstreamPartitions(reading, { downstream: asset, dependency, partition });
    // Of all partitions together, as a transformer tests a table: what passes there passes for each of them.
    const whole = record.checks(upstream.key);
    const passed = new Set(whole.flatMap((result) => (result.passed ? [result.check] : [])));
    for (const key of [undefined, ...partitions]) {
      const failed = (key === undefined ? whole : record.checks(upstream.key, key)).find((result) => {
        const check = blocking.get(result.check);
        // A transformer may find a test's failure to be a warning only.
        return !result.passed && !passed.has(result.check) && check !== undefined && (check.transform === undefined || result.blocking);
      });
      if (failed !== undefined)
        return `the blocking check "${failed.check}" of ${upstream.key}${key === undefined ? '' : ` [${key}]`} failed`;
    }
  }
  return undefined;
}
