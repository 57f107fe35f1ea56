import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DbtDependency, DbtExposure, DbtGraph, DbtNode, DbtTest } from './graph.ts';
import { buildConfig, trimManifest, type Manifest, type ManifestExposure, type ManifestNode, type ManifestTest } from './manifest.ts';

/** A dbt project as plain data, from dbt's manifest, whole or trimmed: both give the same. */
export const readManifest = (json: unknown): DbtGraph => graphOf(trimManifest(json));

/** The same of a manifest that was parsed. */
export function graphOf(manifest: Manifest): DbtGraph {
  const nodes = Object.values(manifest.nodes).filter((node) => node.resource_type !== 'test');
  const tests = Object.values(manifest.nodes).filter((node) => node.resource_type === 'test');
  const keys = new Map(nodes.map((node) => [node.unique_id, keyOf(node, manifest)]));
  const dependsOn = (ids: readonly string[]) => dependenciesOf(ids, manifest);
  const shortNames = new Map(tests.map((test) => [test.unique_id, shortName(test, manifest)]));
  const shortNameOf = ({ unique_id }: ManifestTest): string => shortNames.get(unique_id) ?? '';
  const named = new Map<string, number>();
  for (const test of tests) named.set(shortNameOf(test), (named.get(shortNameOf(test)) ?? 0) + 1);

  const dataTests = tests.map((test): DbtTest => {
    const kind = test.test_metadata ? 'generic' : 'singular';
    return {
      uniqueId: test.unique_id,
      fqn: test.fqn.join('.'),
      name: named.get(shortNameOf(test)) === 1 ? lastPart(shortNameOf(test)) : test.name,
      description: test.description,
      kind,
      severity: test.config.severity.toLowerCase() === 'warn' ? 'warn' : 'error',
      node: keys.get(test.attached_node ?? (kind === 'singular' ? downmost(test.depends_on.nodes, manifest) : undefined) ?? ''),
      source: judgedSource(test, manifest),
      dependsOn: dependsOn(test.depends_on.nodes),
    };
  });
  const unitTests = Object.values(manifest.unit_tests).map((test): DbtTest => ({
    uniqueId: test.unique_id,
    fqn: test.fqn.join('.'),
    name: test.name,
    description: test.description ?? '',
    kind: 'unit',
    severity: 'error',
    node: keys.get(test.depends_on.nodes[0] ?? ''),
    source: undefined,
    dependsOn: dependsOn(test.depends_on.nodes),
  }));
  return {
    name: manifest.metadata.project_name,
    nodes: nodes.map((node) => nodeOf(node, manifest)),
    tests: [...dataTests, ...unitTests],
    sources: Object.values(manifest.sources).map((source) => ({
      uniqueId: source.unique_id,
      name: `${source.source_name}.${source.name}`,
      relation: `${source.schema}.${source.identifier}`.toLowerCase(),
      description: source.description,
    })),
    exposures: Object.values(manifest.exposures).flatMap((exposure) => exposureOf(exposure, manifest)),
  };
}

/** None where Spindle generated it: it stands for an asset that the graph has already. */
function exposureOf(exposure: ManifestExposure, manifest: Manifest): DbtExposure[] {
  const { unique_id: uniqueId, fqn, name, type, owner, description, maturity, url, tags, meta, config, depends_on } = exposure;
  if ((config.meta.spindle ?? meta.spindle ?? null) !== null) return [];
  const addresses = [owner.email ?? []].flat();
  const package_ = fqn[0] === manifest.metadata.project_name ? [] : fqn.slice(0, 1);
  return [
    {
      uniqueId,
      key: ['exposures', ...package_, name].join('/'),
      description: description ?? '',
      owners: addresses.length > 0 ? addresses : [owner.name ?? []].flat(),
      tags: tags.toSorted(),
      type,
      maturity: maturity ?? undefined,
      url: url ?? undefined,
      dependsOn: dependenciesOf(depends_on.nodes, manifest),
    },
  ];
}

function nodeOf(node: ManifestNode, manifest: Manifest): DbtNode {
  const { config } = node;
  return {
    uniqueId: node.unique_id,
    fqn: node.fqn.join('.'),
    key: keyOf(node, manifest),
    relation: `${node.schema}.${node.alias}`,
    description: node.description,
    group: config.group ?? undefined,
    tags: config.tags.toSorted(),
    owners: [config.meta.owner, config.meta.owners].flat().filter((owner) => typeof owner === 'string'),
    columns: Object.values(node.columns).map(({ name, data_type, description }) => ({ name, type: data_type ?? undefined, description })),
    contract: config.contract?.enforced ?? false,
    materialized: config.materialized,
    eventTime: config.event_time ?? undefined,
    microbatch: microbatchOf(config),
    codeVersion: codeVersion(node, manifest),
    dependsOn: dependenciesOf(node.depends_on.nodes, manifest),
    path: node.original_file_path,
  };
}

function microbatchOf(config: ManifestNode['config']): DbtNode['microbatch'] {
  const { incremental_strategy: strategy, batch_size: batchSize, begin } = config;
  if (config.materialized !== 'incremental' || strategy !== 'microbatch' || typeof batchSize !== 'string' || typeof begin !== 'string')
    return undefined;
  // dbt writes an instant without its zone, which is UTC.
  return { batchSize, begin: /T[^Z+-]*$/.test(begin) ? `${begin}Z` : begin };
}

/** Its path without the project's name. That of a snapshot in SQL holds its file beside its name: the name is enough. */
function keyOf({ fqn, resource_type, original_file_path }: ManifestNode, { metadata }: Manifest): string {
  const path = fqn[0] === metadata.project_name ? fqn.slice(1) : fqn;
  const file = basename(original_file_path, '.sql');
  const isFiled = resource_type === 'snapshot' && path.length > 1 && path.at(-2) === file;
  return (isFiled ? path.toSpliced(-2, 1) : path).join('/');
}

/** The source that a test is written at, which dbt tells only in the test's call, as in `get_where_subquery(source('bronze', 'plays'))`; else the last one that it reads beside no node. */
function judgedSource(test: ManifestTest, manifest: Manifest): string | undefined {
  if (test.attached_node) return undefined;
  const [, source, table] = /source\('([^']*)', '([^']*)'\)/.exec(test.test_metadata?.kwargs?.model ?? '') ?? [];
  if (source !== undefined) return `${source}.${table}`;
  if (test.depends_on.nodes.some((id) => manifest.sources[id] === undefined)) return undefined;
  return dependenciesOf(test.depends_on.nodes, manifest).map(idOf).at(-1);
}

/** Its node (or source), kind and column: 'model.spotify.top_songs not_null_song_id'. */
function shortName(test: ManifestTest, manifest: Manifest): string {
  const what = test.test_metadata ? [test.test_metadata.name, ...(test.column_name ? [test.column_name] : [])].join('_') : test.name;
  return `${test.attached_node ?? judgedSource(test, manifest) ?? ''} ${what}`;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf(' ') + 1);

function dependenciesOf(ids: readonly string[], manifest: Manifest): DbtDependency[] {
  return ids
    .map((id): DbtDependency => {
      const source = manifest.sources[id];
      return source === undefined ? { kind: 'node', id } : { kind: 'source', name: `${source.source_name}.${source.name}` };
    })
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

const idOf = (dependency: DbtDependency): string => (dependency.kind === 'node' ? dependency.id : dependency.name);

/** The last by name of the nodes that none of the others stands on. */
function downmost(ids: readonly string[], manifest: Manifest): string | undefined {
  const parents = (id: string) => manifest.nodes[id]?.depends_on.nodes ?? [];
  const isBelow = (id: string) => ids.some((other) => other !== id && reach(other, parents).has(id));
  return ids
    .filter((id) => id in manifest.nodes && !isBelow(id))
    .toSorted()
    .at(-1);
}

/** Of its own code and that of the ephemeral models that dbt writes into its SQL. */
function codeVersion(node: ManifestNode, manifest: Manifest): string {
  const ephemeral = (id: string) => manifest.nodes[id]?.depends_on.nodes.filter((parent) => ephemeralOf(parent, manifest)) ?? [];
  const [, ...inlined] = reach(node.unique_id, ephemeral);
  const own = ownVersion(node, manifest);
  if (inlined.length === 0) return own;
  const hash = createHash('sha256').update(own);
  for (const id of inlined.toSorted()) hash.update(`\n${id} ${ownVersion(ephemeralOf(id, manifest)!, manifest)}`);
  return hash.digest('hex');
}

function ephemeralOf(id: string, { nodes }: Manifest): ManifestNode | undefined {
  const node = nodes[id];
  return node !== undefined && node.resource_type !== 'test' && node.config.materialized === 'ephemeral' ? node : undefined;
}

function ownVersion(node: ManifestNode, manifest: Manifest): string {
  const macros = node.depends_on.macros.flatMap((macro) => [...reach(macro, (name) => manifest.macros[name]?.depends_on.macros ?? [])]);
  const used = [...new Set(macros)].filter((name) => name in manifest.macros).toSorted();
  const hash = createHash('sha256').update(node.checksum.checksum);
  for (const name of used) hash.update(`\n${name} ${manifest.macros[name]?.macro_sql}`);
  const config = new Map<string, unknown>(Object.entries(node.config));
  const given = Object.keys(buildConfig).flatMap((name) => (config.get(name) == null ? [] : [[name, config.get(name)]]));
  hash.update(JSON.stringify([node.schema, node.alias, config.get('materialized'), given]));
  if (node.config.contract?.enforced)
    hash.update(JSON.stringify(Object.values(node.columns).map(({ name, data_type }) => [name, data_type])));
  return hash.digest('hex');
}

/** Everything that can be reached from `start`, itself included. */
function reach(start: string, next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set([start]);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}
