import { z } from 'zod';
import { describeCondition } from '../../runtime/automation/describe.ts';
import type { AssetDefinition, CheckDefinition, DependencyDefinition } from '../../runtime/declare/definition.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import type { Column } from '../../runtime/schema/column.ts';
import { columnsOf } from '../../runtime/schema/columns-of.ts';
import { wireJsonSchema } from '../../runtime/schema/evolution/wire-json-schema.ts';
import { loadColumns } from '../../runtime/schema/load-columns.ts';
import { sqlType } from '../../runtime/schema/sql-type.ts';
import { isLoaded } from '../../runtime/store/is-loaded.ts';
import { partitionsText } from '../airflow/docs.ts';
import { fieldsOf, type Allowed, type Field } from './fields.ts';
import { code, markdownTable, plain } from './markdown.ts';

/** A model of dbt, as its manifest tells of it. */
export interface CatalogModel {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly materialized: string;
  /** dbt holds the table to the columns. */
  readonly contract: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string | undefined; readonly description: string }[];
}

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
    ...contents(asset, model),
    ...checksTable(graph.checksOf(key)),
  ];
}

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

function contents(asset: AssetDefinition, model: CatalogModel | undefined): readonly string[] {
  const { key, store, transform } = asset;
  if (store === undefined) return [];
  if (transform !== undefined) return modelColumns(model);
  const { kind, schema } = store.spec;
  if (schema === undefined) return [];
  if (kind === 'table' && schema instanceof z.ZodObject)
    return tableColumns([...columnsOf(schema, { asset: key }), ...(isLoaded(asset) ? loadColumns : [])]);
  return markdownTable<Field>(
    [
      ['Field', ({ path }) => code(path)],
      ['Type', ({ type }) => plain(type)],
      ['May be left out', ({ optional }) => (optional ? 'yes' : '')],
      ['Allowed', ({ allowed }) => allowedText(allowed)],
      ['Description', ({ description }) => plain(description)],
    ],
    fieldsOf(wireJsonSchema(schema)),
  );
}

function tableColumns(columns: readonly Column[]): readonly string[] {
  return markdownTable<Column>(
    [
      ['Column', ({ name }) => code(name)],
      ['DuckDB', (column) => code(sqlType(column, 'duckdb'))],
      ['Snowflake', (column) => code(sqlType(column, 'snowflake'))],
      ['May be null', ({ nullable }) => (nullable ? 'yes' : '')],
      ['Allowed', (column) => allowedText(allowedIn(column))],
      ['Description', ({ description = '' }) => plain(description)],
    ],
    columns,
  );
}

function modelColumns(model: CatalogModel | undefined): readonly string[] {
  return markdownTable<CatalogModel['columns'][number]>(
    [
      ['Column', ({ name }) => code(name)],
      ['Type', ({ type }) => (type === undefined ? '' : code(type))],
      ['Description', ({ description }) => plain(description)],
    ],
    model?.columns ?? [],
  );
}

function allowedIn({ values, minimum, maximum }: Column): readonly Allowed[] {
  if (values !== undefined) return values.map((value) => ({ value: JSON.stringify(value) }));
  return [...(minimum === undefined ? [] : [{ limit: `≥ ${minimum}` }]), ...(maximum === undefined ? [] : [{ limit: `≤ ${maximum}` }])];
}

const allowedText = (allowed: readonly Allowed[]): string =>
  allowed.map((one) => ('value' in one ? code(one.value) : plain(one.limit))).join(', ');

function checksTable(checks: readonly CheckDefinition[]): readonly string[] {
  return markdownTable<CheckDefinition>(
    [
      ['Check', ({ name }) => code(name)],
      [
        'Where it fails',
        ({ blocking, severity }) => (blocking ? 'what depends on the asset waits' : severity === 'error' ? 'the run fails' : 'it warns'),
      ],
      ['Description', ({ description = '' }) => plain(description)],
    ],
    checks,
  );
}
