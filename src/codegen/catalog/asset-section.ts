import { describeCondition } from '../../runtime/automation/describe.ts';
import type { AssetDefinition, DependencyDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { WriteMode } from '../../runtime/resource/warehouse.ts';
import { partitionsText } from '../airflow/docs.ts';
import { checksText } from './checks.ts';
import { contents } from './contents.ts';
import { code, plain } from './markdown.ts';
import type { CatalogModel } from './model.ts';

export interface SectionContext {
  readonly graph: Graph;
  /** By key. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** A link to the section of another asset. */
  link(key: string): string;
}

/** What there is to know about an asset, under its heading. */
export function assetSection(asset: AssetDefinition, { graph, models, link }: SectionContext): readonly string[] {
  const { key, description = '', owners, tags, formerly } = asset;
  const model = models.get(key);
  const facts: readonly (readonly [string, string])[] = [
    ['Stored', storedText(asset, model)],
    ['Made by', madeBy(asset, model)],
    [
      'Reads',
      graph
        .upstream(key)
        .map((upstream) => `${link(upstream)}${readText(asset, upstream)}`)
        .join(', '),
    ],
    ['Read by', graph.downstream(key).map(link).join(', ')],
    ['Owners', owners.map(plain).join(', ')],
    [
      'Tags',
      Object.entries(tags)
        .map(([name, value]) => code(value === '' ? name : `${name}=${value}`))
        .join(', '),
    ],
    ['Rows are told apart by', (asset.store?.spec.table?.key ?? []).map(code).join(', ')],
    ['Partitions', asset.partitions === undefined ? '' : plain(partitionsText(asset.partitions))],
    ['Made when', asset.automation === undefined ? '' : plain(describeCondition(asset.automation))],
    ['No older than', asset.freshness ?? ''],
    ['Formerly', formerly.map(code).join(', ')],
  ];
  return [
    `## ${key}`,
    '',
    ...(description.trim() === '' ? [] : [plain(description), '']),
    ...facts.flatMap(([name, text]) => (text === '' ? [] : [`- **${name}:** ${text}`])),
    '',
    ...contents(asset, { model, link }),
    ...checksText(graph.checksOf(key)),
  ];
}

/** What a write does to the rows that are there. */
const WRITTEN: Readonly<Record<WriteMode, string>> = {
  replace: '',
  append: ', to which rows are only added',
  merge: ', in which rows are added and updated',
};

function storedText({ store, transform }: AssetDefinition, model: CatalogModel | undefined): string {
  if (store === undefined) return 'in memory, for the run that needs it';
  const { kind, location } = store.spec;
  const place = location === undefined ? '' : ` ${code(location)}`;
  if (transform !== undefined && model !== undefined)
    return `${plain(model.materialized)}${place}${model.contract ? ', held to its columns by a contract' : ''}`;
  switch (kind) {
    case 'landing':
      return `objects of the lake below${place}, as a chain in which each record is once`;
    case 'objects':
      return `objects of the lake below${place}`;
    case 'files':
      return `files of the lake below${place}`;
    case 'value':
      return `a value as JSON${place}`;
    case 'table':
      return `table${place}${WRITTEN[store.spec.table?.write ?? 'replace']}`;
    default:
      return `${plain(kind)}${place}`;
  }
}

function madeBy({ run, transform }: AssetDefinition, model: CatalogModel | undefined): string {
  if (transform !== undefined) return `the dbt project ${plain(transform.project)}${model === undefined ? '' : `, ${code(model.path)}`}`;
  return run === undefined ? 'something else: it is a source' : '';
}

function readText({ dependencies }: AssetDefinition, key: string): string {
  const kinds = Object.values(dependencies).flatMap((dependency: DependencyDefinition) =>
    dependency.upstream.key === key ? [dependency.mapping.kind] : [],
  );
  return kinds.length > 0 && kinds.every((kind) => kind === 'order') ? ' (only comes after it)' : '';
}
