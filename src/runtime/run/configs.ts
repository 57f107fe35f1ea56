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
  const ownerOf = configOwners(graph);
  const parsed = new Map<string, { readonly values: Readonly<Record<string, unknown>>; readonly version: string }>();
  const given = new Map<string, Record<string, unknown>>();
  for (const { asset, values } of configured) {
    if (graph.get(asset).config === undefined) issues.push(`${asset} takes no config`);
    given.set(ownerOf(asset), { ...given.get(ownerOf(asset)), ...(values as Record<string, unknown>) });
  }
  for (const { key, config } of graph.assets) {
    if (config === undefined) continue;
    const result = config.strict().safeParse(given.get(ownerOf(key)) ?? {});
    if (result.success) parsed.set(key, { values: result.data, version: digest(canonicalJson(result.data)) });
    else if (ownerOf(key) === key) issues.push(...result.error.issues.map((issue) => `${key}: ${describeIssue(issue)}`));
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

/** Members of a multi-asset have one config, that of their function: what is given to one of them is given to all. */
function configOwners({ assets }: Graph): (asset: string) => string {
  const first = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const { key, shared } of assets) {
    if (shared === undefined) continue;
    const owner = first.get(shared.name) ?? key;
    first.set(shared.name, owner);
    owners.set(key, owner);
  }
  return (asset) => owners.get(asset) ?? asset;
}
