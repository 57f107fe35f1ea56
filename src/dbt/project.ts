import { resolve } from 'node:path';
import type { z } from 'zod';
import { define, type Asset, type Retry } from '../runtime/declare/asset.ts';
import type { AssetDefinition, CheckDefinition } from '../runtime/declare/definition.ts';
import type { DbtProject, DbtProjectContents } from '../runtime/declare/project.ts';
import { SpindleError } from '../runtime/errors.ts';
import { didYouMean } from '../runtime/closest.ts';
import type { Row } from '../runtime/store/row.ts';
import { table } from '../runtime/store/table.ts';
import type { TableHandle } from '../runtime/store/table-handle.ts';
import type { Warehouse } from '../runtime/resource/warehouse.ts';
import type { DbtDependency, DbtGraph, DbtNode } from './graph.ts';
import { exposureDefinition, modelDefinition, modelStore } from './model-definition.ts';
import type { ModelPartitions } from './model-partitions.ts';
import { guessedReference, referenceTo } from './model-reference.ts';
import { parseProject, readCommittedGraph } from './parse-project.ts';
import { referenceProblems } from './reference-problems.ts';

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
  /** How dbt names the model, once the manifest was read. */
  ref: string | undefined;
}

/** The models of a dbt project as assets, its tests as checks and its exposures as sources, read from its manifest. */
export function dbtProject<const N extends string>(spec: DbtProjectSpec<N>): DbtProject {
  const references: Reference[] = [];
  return {
    name: spec.name,
    dir: spec.dir,
    sources: spec.sources,
    references: () =>
      references.map(({ key, definition, ref }) => ({
        ref: ref ?? guessedReference(withoutPrefix(spec, key)),
        definition,
        isResolved: ref !== undefined,
      })),
    model<const K extends string, S extends Row>(
      key: K,
      schema: S,
    ): Asset<K, TableHandle<z.output<S>>, { warehouse: Warehouse }, undefined, never> {
      const definition = define(key, { store: table('unresolved.model', schema) });
      references.push({ key, schema, definition, ref: undefined });
      return { key, definition };
    },
    async load(root, parse) {
      const dir = resolve(root, spec.dir);
      const resolving = { graph: await readGraph(spec.name, dir, parse), dir, references };
      // What another project is to find its source by, before either is resolved.
      const nodes = new Map(resolving.graph.nodes.map((node) => [keyIn(spec, node), node]));
      for (const reference of references) {
        const node = nodes.get(reference.key);
        if (node === undefined) continue;
        Object.assign(reference.definition, { store: modelStore(spec, node, reference.schema) });
        reference.ref = referenceTo(node, resolving.graph.name);
      }
      return { resolve: () => resolveModels(spec, resolving) };
    },
  };
}

/** The committed manifest where nobody can parse; it is made (or renewed) where somebody can. */
async function readGraph(name: string, dir: string, parse: ((dir: string) => Promise<unknown>) | undefined): Promise<DbtGraph> {
  if (parse !== undefined) return parseProject(dir, parse);
  const graph = await readCommittedGraph(dir);
  if (graph !== undefined) return graph;
  throw new SpindleError('PROJECT_INVALID', `The dbt project ${name} in ${dir} has no manifest.json yet.`, {
    remedy:
      'Run `spindle generate dbt`, which writes the sources that dbt is to know, then `spindle plan`: it has dbt parse the project and writes the file. Commit both.',
  });
}

interface Resolving {
  readonly graph: DbtGraph;
  readonly dir: string;
  readonly references: readonly Reference[];
}

const keyIn = ({ keyPrefix }: DbtProjectSpec<string>, { key }: { readonly key: string }): string =>
  keyPrefix === undefined ? key : `${keyPrefix}/${key}`;

const withoutPrefix = ({ keyPrefix }: DbtProjectSpec<string>, key: string): string =>
  keyPrefix !== undefined && key.startsWith(`${keyPrefix}/`) ? key.slice(keyPrefix.length + 1) : key;

function resolveModels(spec: DbtProjectSpec<string>, { graph, dir, references }: Resolving): DbtProjectContents {
  const nodes = new Map(graph.nodes.map((node) => [node.uniqueId, node]));
  const issues = [...unknownModels(spec, graph, references), ...keyClashes(spec, graph)];
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
    const key = keyIn(spec, node);
    const referring = references.filter((reference) => reference.key === key);
    for (const { schema } of referring) issues.push(...referenceProblems(key, schema, node));
    const upstreams = upstreamsOf(node.dependsOn, key);
    const define = (schema?: Row) => modelDefinition({ spec, node, key, dir, upstreams, schema });
    // Dependents hold a reference's definition since they were declared, before the manifest was read: it becomes the model's, with a schema of its own.
    const resolved = referring.map(({ definition, schema }) => Object.assign(definition, define(schema)));
    const definition = resolved[0] ?? define();
    definitions.set(node.uniqueId, definition);
    return definition;
  };

  const assets = graph.nodes.filter(({ materialized }) => materialized !== 'ephemeral').map(defineNode);
  const exposures = graph.exposures.map((exposure) => {
    const key = keyIn(spec, exposure);
    return exposureDefinition(key, exposure, upstreamsOf(exposure.dependsOn, key));
  });
  const sourceOf = (name: string): AssetDefinition | undefined =>
    sources.get(graph.sources.find((source) => source.name === name)?.relation);
  return { assets: [...assets, ...exposures], checks: checksOf(graph, { dir, definitions, sourceOf }), issues: [...new Set(issues)] };
}

function unknownModels(spec: DbtProjectSpec<string>, graph: DbtGraph, references: readonly Reference[]): readonly string[] {
  const nodes = new Map(graph.nodes.map((node) => [keyIn(spec, node), node]));
  const names = graph.nodes.map(({ key }) => key);
  const undivided = Object.keys(spec.partitions ?? {}).filter((key) => !names.includes(key));
  const referred = references.flatMap(({ key }) => {
    const node = nodes.get(key);
    if (node === undefined) return [`DBT_MODEL: the dbt project ${spec.name} has no model ${key}.${didYouMean(key, [...nodes.keys()])}`];
    if (node.materialized !== 'ephemeral') return [];
    return [`DBT_MODEL: the model ${key} of the dbt project ${spec.name} is ephemeral: it has no table to read. Materialize it as a view.`];
  });
  const divided = undivided.map(
    (key) => `DBT_MODEL: partitions are declared for ${key}, and the dbt project ${spec.name} has no such model.${didYouMean(key, names)}`,
  );
  return [...referred, ...divided];
}

/** A package may be called like a folder. */
function keyClashes(spec: DbtProjectSpec<string>, { nodes }: DbtGraph): readonly string[] {
  const paths = new Map<string, string>();
  return nodes.flatMap((node) => {
    const key = keyIn(spec, node);
    const other = paths.get(key);
    paths.set(key, node.path);
    return other === undefined
      ? []
      : [`KEY_CLASH: ${other} and ${node.path} of the dbt project ${spec.name} both have the key ${key}: rename or move one of them.`];
  });
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
