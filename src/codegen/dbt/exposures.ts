import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import type { DbtReference } from '../../runtime/declare/project.ts';
import { digest } from '../../runtime/digest.ts';
import { compare } from '../../runtime/graph/model.ts';
import { jinjaLiteral } from '../jinja-literal.ts';
import { metaOf, tagsOf } from './config.ts';

/** The assets that depend on models of a dbt project, directly or through assets that are no models, and are none themselves, as exposures, by key. */
export function exposuresOf(
  assets: readonly AssetDefinition[],
  references: readonly DbtReference[],
  project: string,
): readonly Readonly<Record<string, unknown>>[] {
  const models = new Map(references.map(({ definition, ref }) => [definition, ref]));
  const exposed = assets.flatMap((asset) => {
    const read = asset.transform === undefined ? modelsAbove(asset, models) : [];
    return read.length === 0 ? [] : [{ asset, read: read.toSorted(compare) }];
  });
  const sorted = exposed.toSorted((a, b) => compare(a.asset.key, b.asset.key));
  const names = sorted.map(({ asset }) => plainName(asset.key));
  return sorted.map(({ asset, read }, index) => {
    const { key, owners, description, store } = asset;
    const email = owners.find((owner) => owner.includes('@'));
    const tags = tagsOf(asset);
    const name = names[index]!;
    return {
      name: names.indexOf(name) === names.lastIndexOf(name) ? name : `${name}_${digest(key).slice(0, 8)}`,
      label: key,
      // What is kept as a value is looked at; what is kept elsewhere goes on to other programs.
      type: store === undefined || store.kind === 'value' ? 'analysis' : 'application',
      owner: {
        name: jinjaLiteral(owners.length > 0 ? owners.join(', ') : project),
        ...(email !== undefined && { email: jinjaLiteral(email) }),
      },
      ...(description !== undefined && description !== '' && { description: jinjaLiteral(description) }),
      depends_on: read,
      config: { meta: metaOf(asset), ...(tags.length > 0 && { tags }) },
    };
  });
}

/** Not what lies behind an asset that is only to come first. */
function modelsAbove(start: AssetDefinition, models: ReadonlyMap<AssetDefinition, string>): readonly string[] {
  const passed = new Set([start]);
  const found = new Set<string>();
  for (const asset of passed)
    for (const { upstream, mapping } of Object.values(asset.dependencies)) {
      if (asset !== start && mapping.kind === 'order') continue;
      const model = models.get(upstream);
      if (model !== undefined) found.add(model);
      else if (upstream.transform === undefined && mapping.kind !== 'order') passed.add(upstream);
    }
  return [...found];
}

/** A key in the letters that dbt allows. */
const plainName = (key: string): string => key.replaceAll('/', '__').replaceAll(/\W/g, '_');
