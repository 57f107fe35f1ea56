import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { define, type Asset, type Retry } from '../runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition, DependencyDefinition } from '../runtime/declare/definition.ts';
import type { DbtProject, DbtProjectContents } from '../runtime/declare/project.ts';
import { SpindleError } from '../runtime/errors.ts';
import { didYouMean } from '../runtime/closest.ts';
import { partitionColumns, type PartitionBy } from '../runtime/store/partition-columns.ts';
import type { Row } from '../runtime/store/row.ts';
import { table } from '../runtime/store/table.ts';
import type { TableHandle } from '../runtime/store/table-handle.ts';
import type { Warehouse } from '../runtime/resource/warehouse.ts';
import type { DbtDependency, DbtGraph, DbtNode } from './graph.ts';
import { batchesOf, type ModelPartitions } from './model-partitions.ts';
import { parseProject, readCommittedGraph } from './parse-project.ts';

export interface DbtProjectSpec<N extends string> {
  name: N;
  /** The dbt project's folder, relative to the project's root. */
  dir: string;
  /** The assets that its sources are, matched by `schema.table`. */
  sources: readonly Asset[];
  /** Put before the key of every model, with a slash. */
  keyPrefix?: string;
  /** Attempts in all, for models that fail for a transient reason, as a lost connection: what failed, and what waits for it, is built again, and nothing else. */
  retry?: Retry;
  /** Models that are built partition by partition, by their keys without the prefix. The batches of a microbatch model are partitions by themselves. */
  partitions?: Readonly<Record<string, ModelPartitions>>;
}

/** A typed reference to a model: its definition is filled in when the manifest is read. */
interface Reference {
  readonly key: string;
  readonly schema: Row;
  readonly definition: AssetDefinition;
}

/** The models of a dbt project as assets and its tests as checks, read from its manifest. */
export function dbtProject<const N extends string>(spec: DbtProjectSpec<N>): DbtProject {
  const references = new Map<string, Reference>();
  const refer = (key: string, schema: Row): Reference => {
    const known = references.get(key) ?? { key, schema, definition: define(key, { store: table('unresolved.model', schema) }) };
    references.set(key, known);
    return known;
  };
  return {
    name: spec.name,
    dir: spec.dir,
    sources: spec.sources,
    references: () => [...references.values()].map(({ key, definition }) => ({ model: key.slice(key.lastIndexOf('/') + 1), definition })),
    model<const K extends string, S extends Row>(
      key: K,
      schema: S,
    ): Asset<K, TableHandle<z.output<S>>, { warehouse: Warehouse }, undefined, never> {
      return { key, definition: refer(key, schema).definition };
    },
    async load(root, parse) {
      const dir = isAbsolute(spec.dir) ? spec.dir : join(root, spec.dir);
      return resolveModels(spec, { graph: await readGraph(spec.name, dir, parse), dir, references });
    },
  };
}

/** The committed manifest where nobody can parse; it is made (or renewed) where somebody can. */
async function readGraph(name: string, dir: string, parse: ((dir: string) => Promise<unknown>) | undefined): Promise<DbtGraph> {
  if (parse !== undefined) return parseProject(dir, parse);
  const graph = await readCommittedGraph(dir);
  if (graph !== undefined) return graph;
  throw new SpindleError('PROJECT_INVALID', `The dbt project ${name} in ${dir} has no manifest.json yet.`, {
    remedy: 'Run `spindle generate dbt`, then `spindle plan` once: it has dbt parse the project and writes the file; then commit it.',
  });
}

interface Resolving {
  readonly graph: DbtGraph;
  readonly dir: string;
  readonly references: ReadonlyMap<string, Reference>;
}

function resolveModels(spec: DbtProjectSpec<string>, { graph, dir, references }: Resolving): DbtProjectContents {
  const keyOf = ({ key }: DbtNode): string => (spec.keyPrefix === undefined ? key : `${spec.keyPrefix}/${key}`);
  const nodes = new Map(graph.nodes.map((node) => [node.uniqueId, node]));
  const keys = new Set(graph.nodes.map(keyOf));
  const issues: string[] = [];
  for (const { key } of references.values())
    if (!keys.has(key)) issues.push(`DBT_MODEL: the dbt project ${spec.name} has no model ${key}.${didYouMean(key, [...keys])}`);
  const names = graph.nodes.map((node) => node.key);
  for (const key of Object.keys(spec.partitions ?? {}))
    if (!names.includes(key))
      issues.push(
        `DBT_MODEL: partitions are declared for ${key}, and the dbt project ${spec.name} has no such model.${didYouMean(key, names)}`,
      );
  const sources = new Map(spec.sources.map(({ definition }) => [definition.store?.spec.location, definition]));
  const definitions = new Map<string, AssetDefinition>();

  const upstreamsOf = (dependsOn: readonly DbtDependency[], reader: string): readonly AssetDefinition[] =>
    dependsOn.flatMap((dependency): readonly AssetDefinition[] => {
      if (dependency.kind === 'source') {
        const relation = graph.sources.find(({ name }) => name === dependency.name)?.relation;
        const source = sources.get(relation);
        if (source === undefined)
          issues.push(
            `DBT_SOURCE: ${reader} reads the source ${dependency.name}, and no asset is named for it. Add the asset of ${relation ?? dependency.name} to the sources of dbtProject().`,
          );
        return source === undefined ? [] : [source];
      }
      const node = nodes.get(dependency.id);
      if (node === undefined) return [];
      return node.materialized === 'ephemeral' ? upstreamsOf(node.dependsOn, reader) : [defineNode(node)];
    });
  /** A model's definition, made after those of the models that it reads. */
  const defineNode = (node: DbtNode): AssetDefinition => {
    const known = definitions.get(node.uniqueId);
    if (known !== undefined) return known;
    const key = keyOf(node);
    const reference = references.get(key);
    if (reference !== undefined) issues.push(...missingColumns(reference, node));
    const upstreams = upstreamsOf(node.dependsOn, key);
    const definition = modelDefinition({ spec, node, key, dir, upstreams, schema: reference?.schema });
    // Dependents hold the reference's definition since they were declared, before the manifest was read: it becomes the model's.
    const resolved = reference === undefined ? definition : Object.assign(reference.definition, definition);
    definitions.set(node.uniqueId, resolved);
    return resolved;
  };

  const assets = graph.nodes.filter(({ materialized }) => materialized !== 'ephemeral').map(defineNode);
  if (issues.length > 0)
    throw new SpindleError(
      'GRAPH_INVALID',
      `The dbt project ${spec.name} does not fit the assets:\n${issues.map((issue) => `  ${issue}`).join('\n')}`,
      { issues },
    );
  const sourceOf = (name: string): AssetDefinition | undefined =>
    sources.get(graph.sources.find((source) => source.name === name)?.relation);
  return { assets, checks: checksOf(graph, { dir, definitions, sourceOf }) };
}

function missingColumns({ key, schema }: Reference, { columns }: DbtNode): readonly string[] {
  const documented = new Set(columns.map(({ name }) => name.toLowerCase()));
  const missing = Object.keys(schema.shape).filter((name) => !documented.has(name.toLowerCase()));
  return missing.length === 0
    ? []
    : [
        `DBT_COLUMN: ${key} is read with the columns ${missing.join(', ')}, which its model does not document. Correct the schema given to model(), or the model's columns.`,
      ];
}

interface Model {
  readonly spec: DbtProjectSpec<string>;
  readonly node: DbtNode;
  readonly key: string;
  readonly dir: string;
  readonly upstreams: readonly AssetDefinition[];
  readonly schema: Row | undefined;
}

function modelDefinition({ spec, node, key, dir, upstreams, schema }: Model): AssetDefinition {
  const { relation, uniqueId, fqn } = node;
  const divided = spec.partitions?.[node.key] ?? batchesOf(node);
  const partitionBy = divided?.partitionBy ?? node.eventTime;
  const row: Row = schema ?? z.object(Object.fromEntries(partitionColumns(partitionBy).map((name) => [name, columnOf(node, name)])));
  const store = table(relation, row, isIn(row, partitionBy) ? { partitionBy } : {});
  const dependencies = Object.fromEntries(
    upstreams.map((upstream): [string, DependencyDefinition] => [upstream.key, { upstream, mapping: { kind: 'same' } }]),
  );
  const folder = node.key.includes('/') ? node.key.slice(0, node.key.indexOf('/')) : undefined;
  const group = node.group ?? folder;
  return {
    ...define(key, {
      store,
      description: node.description,
      owners: node.owners,
      tags: Object.fromEntries(node.tags.map((tag) => [tag, ''])),
      ...(group !== undefined && { group }),
      codeVersion: node.codeVersion,
      ...(spec.retry !== undefined && { retry: spec.retry }),
      ...(divided !== undefined && { partitions: { definition: divided.definition }, backfill: divided.backfill }),
    }),
    dependencies,
    transform: { project: spec.name, dir, uniqueId, fqn, ...(divided !== undefined && { slice: divided.slice }) },
  };
}

const isIn = (row: Row, partitionBy: PartitionBy | undefined): partitionBy is PartitionBy =>
  partitionBy !== undefined && partitionColumns(partitionBy).every((name) => name in row.shape);

/** A column of a model that nobody gave a schema for, by what tells its partitions: a date, an instant unless it is documented as text. */
function columnOf({ columns, eventTime }: DbtNode, name: string): z.ZodType {
  const type = columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type?.toLowerCase() ?? '';
  if (type === 'date') return z.iso.date();
  return name === eventTime || /^(?:timestamp|datetime)/.test(type) ? z.iso.datetime() : z.string();
}

interface Judged {
  readonly dir: string;
  readonly definitions: ReadonlyMap<string, AssetDefinition>;
  /** The asset that a source is; undefined for one that no model reads and nobody named. */
  readonly sourceOf: (name: string) => AssetDefinition | undefined;
}

function checksOf(graph: DbtGraph, { dir, definitions, sourceOf }: Judged): readonly CheckDefinition[] {
  const byKey = new Map(graph.nodes.map((node) => [node.key, definitions.get(node.uniqueId)]));
  const assetOf = (dependency: DbtDependency): AssetDefinition | undefined =>
    dependency.kind === 'node' ? definitions.get(dependency.id) : sourceOf(dependency.name);
  return graph.tests.flatMap(({ node, source, name, severity, description, uniqueId, fqn, dependsOn }): readonly CheckDefinition[] => {
    const asset = node === undefined ? (source === undefined ? undefined : sourceOf(source)) : byKey.get(node);
    if (asset === undefined) return [];
    const reads = dependsOn.flatMap((dependency) => assetOf(dependency)?.key ?? []);
    return [
      {
        asset,
        name,
        blocking: severity === 'error',
        severity,
        description: description === '' ? undefined : description,
        run: undefined,
        uniqueId,
        transform: { dir, fqn, reads },
      },
    ];
  });
}
