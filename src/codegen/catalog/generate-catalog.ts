import { posix } from 'node:path';
import { describeCondition } from '../../runtime/automation/describe.ts';
import type { AssetDefinition, JobDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { kindsOf } from '../../runtime/graph/kind.ts';
import { renderMermaid } from '../../runtime/graph/render/mermaid.ts';
import { renderGraph, type RenderGraph } from '../../runtime/graph/render/model.ts';
import { fileName } from '../file-name.ts';
import { generatedFile, type GeneratedFile, type Origin } from '../generated-file.ts';
import { assetSection } from './asset-section.ts';
import { anchorsOf, code, markdownTable, plain } from './markdown.ts';
import type { CatalogModel } from './model.ts';

export interface CatalogInput {
  readonly graph: Graph;
  /** Models of dbt, by the keys of their assets. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** Relative to the project's folder. */
  readonly folder: string;
  readonly origin: Origin;
}

/** More assets than this are drawn as their groups: a picture of all of them would say nothing, and GitHub draws no more than 500 edges. */
const MOST_DRAWN = 150;

/** A catalog of the project's data in Markdown: an index with the graph, and a page for each group. */
export function generateCatalog({ graph, models, folder, origin }: CatalogInput): readonly GeneratedFile[] {
  const groups = groupsOf(graph);
  const places = new Map(groups.flatMap(placesOf));
  const page = (name: string, lines: readonly string[]): GeneratedFile =>
    generatedFile({ path: posix.join(folder, name), comment: '<!--', text: `${lines.join('\n').trimEnd()}\n` }, origin);
  const linkFrom =
    (file: string) =>
    (key: string): string => {
      const place = places.get(key);
      // what is referenced need not be in the graph
      return place === undefined ? plain(key) : `[${plain(key)}](${place.file === file ? '' : place.file}#${place.anchor})`;
    };
  const groupPages = groups.map((group) => {
    const link = linkFrom(group.file);
    const sections = group.assets.flatMap((asset) => assetSection(asset, { graph, models, link }));
    return page(group.file, [`# ${plain(group.title)}`, '', '[All groups](README.md)', '', ...sections]);
  });
  return [page('README.md', indexPage({ graph, groups, origin, link: linkFrom('README.md') })), ...groupPages];
}

interface Group {
  readonly title: string;
  readonly file: string;
  readonly assets: readonly AssetDefinition[];
}

/** In the order in which they first occur; assets without a group are the last one. */
function groupsOf(graph: Graph): readonly Group[] {
  const byName = new Map<string | undefined, AssetDefinition[]>();
  for (const asset of graph.assets) byName.set(asset.group, [...(byName.get(asset.group) ?? []), asset]);
  return [...byName]
    .toSorted(([a], [b]) => Number(a === undefined) - Number(b === undefined))
    .map(([name, assets]) => ({
      title: name ?? 'Without a group',
      // no group has such a file: names that begin with _ are written otherwise
      file: `${name === undefined ? '_ungrouped' : fileName(name)}.md`,
      assets,
    }));
}

function placesOf({
  title,
  file,
  assets,
}: Group): readonly (readonly [string, { readonly file: string; readonly anchor: string | undefined }])[] {
  const anchors = anchorsOf([title, ...assets.map(({ key }) => key)]);
  return assets.map(({ key }, index) => [key, { file, anchor: anchors[index + 1] }]);
}

interface Index {
  readonly graph: Graph;
  readonly groups: readonly Group[];
  readonly origin: Origin;
  link(key: string): string;
}

function indexPage({ graph, groups, origin, link }: Index): readonly string[] {
  return [
    `# The data of ${plain(origin.project)}`,
    '',
    'What there is, where it lies, what it holds and what it comes from. Names and types are those of the schemas that the pipeline itself runs on.',
    '',
    '```mermaid',
    renderMermaid(drawn(graph, groups)).trimEnd(),
    '```',
    '',
    ...groups.flatMap(({ title, file, assets }) => [
      `## [${plain(title)}](${file})`,
      '',
      ...markdownTable<AssetDefinition>(
        [
          ['Asset', ({ key }) => link(key)],
          ['Kind', (asset) => plain(kindsOf(asset).join(', '))],
          ['Stored as', ({ store }) => (store?.spec.location === undefined ? '' : code(store.spec.location))],
          ['Description', ({ description = '' }) => plain(description)],
        ],
        assets,
      ),
    ]),
    ...(graph.jobs.length === 0 ? [] : ['## Jobs', '']),
    ...markdownTable<JobDefinition>(
      [
        ['Job', ({ name }) => plain(name)],
        ['Selects', ({ select }) => code(select)],
        ['Runs when', ({ automation }) => (automation === undefined ? '' : plain(describeCondition(automation)))],
      ],
      graph.jobs,
    ),
  ];
}

function drawn(graph: Graph, groups: readonly Group[]): RenderGraph {
  if (graph.keys.length <= MOST_DRAWN) return renderGraph(graph);
  const titleOf = new Map(groups.flatMap(({ title, assets }) => assets.map(({ key }) => [key, title] as const)));
  const pairs = graph.keys.flatMap((to) => graph.upstream(to).map((from) => [titleOf.get(from) ?? '', titleOf.get(to) ?? ''] as const));
  const edges = new Map(
    pairs.filter(([from, to]) => from !== to).map(([from, to]) => [JSON.stringify([from, to]), { from, to, orderOnly: false }]),
  );
  const nodes = groups.map(({ title, assets }) => ({ key: title, kind: assets.length === 1 ? '1 asset' : `${assets.length} assets` }));
  return { nodes, edges: [...edges.values()] };
}
