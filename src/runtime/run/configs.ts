import type { AssetDefinition } from '../declare/definition.ts';
import { canonicalJson, digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { describeIssue } from '../schema/row-validator.ts';
import type { Configured } from './fixture.ts';

export interface Configs {
  values(asset: AssetDefinition): Readonly<Record<string, unknown>>;
  version(asset: AssetDefinition): string;
}

/** The config of every asset: its schema's defaults under the given values. All mistakes are reported together: CONFIG_INVALID. */
export function createConfigs(graph: Graph, configured: readonly Configured[]): Configs {
  const issues: string[] = [];
  const parsed = new Map<string, { readonly values: Readonly<Record<string, unknown>>; readonly version: string }>();
  const given = new Map<string, Record<string, unknown>>();
  for (const { asset, values } of configured) {
    if (graph.get(asset).config === undefined) issues.push(`${asset} takes no config`);
    given.set(asset, { ...given.get(asset), ...(values as Record<string, unknown>) });
  }
  for (const { key, config } of graph.assets) {
    if (config === undefined) continue;
    const result = config.strict().safeParse(given.get(key) ?? {});
    if (result.success) parsed.set(key, { values: result.data, version: digest(canonicalJson(result.data)) });
    else issues.push(...result.error.issues.map((issue) => `${key}: ${describeIssue(issue)}`));
  }
  if (issues.length > 0) {
    throw new SpindleError(
      'CONFIG_INVALID',
      `The configuration has ${issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`}: ${issues.join('; ')}.`,
      {
        issues,
        remedy:
          'Give the values as the config schema of the asset wants them: --config asset.field=value, or configure(asset, { field: value }).',
      },
    );
  }
  return { values: ({ key }) => parsed.get(key)?.values ?? {}, version: ({ key }) => parsed.get(key)?.version ?? '' };
}
