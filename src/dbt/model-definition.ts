import { z } from 'zod';
import { define, type Retry } from '../runtime/declare/asset.ts';
import type { AssetDefinition, DependencyDefinition, Mapping } from '../runtime/declare/definition.ts';
import { partitionColumns, type PartitionBy } from '../runtime/store/partition-columns.ts';
import type { Row } from '../runtime/store/row.ts';
import { table } from '../runtime/store/table.ts';
import { contractKind } from './contract-type.ts';
import type { DbtExposure, DbtNode } from './graph.ts';
import { batchesOf, type ModelPartitions } from './model-partitions.ts';

/** What a project says of all its models. */
export interface ModelSettings {
  readonly name: string;
  readonly retry?: Retry;
  readonly partitions?: Readonly<Record<string, ModelPartitions>>;
}

const partitionsOf = ({ partitions }: ModelSettings, node: DbtNode): ModelPartitions | undefined =>
  partitions?.[node.key] ?? batchesOf(node);

/** The table of a model: with the columns that tell its partitions at least. */
export function modelStore(settings: ModelSettings, node: DbtNode, schema: Row | undefined) {
  const partitionBy = partitionsOf(settings, node)?.partitionBy ?? node.eventTime;
  const row: Row = schema ?? z.object(Object.fromEntries(partitionColumns(partitionBy).map((name) => [name, columnOf(node, name)])));
  return table(node.relation, row, isIn(row, partitionBy) ? { partitionBy } : {});
}

const isIn = (row: Row, partitionBy: PartitionBy | undefined): partitionBy is PartitionBy =>
  partitionBy !== undefined && partitionColumns(partitionBy).every((name) => name in row.shape);

/** A column of a model that nobody gave a schema for, by what tells its partitions: a date, an instant unless it is documented as text. */
function columnOf({ columns, eventTime }: DbtNode, name: string): z.ZodType {
  const type = columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type ?? '';
  const kind = contractKind(type);
  if (kind === 'date') return z.iso.date();
  return name === eventTime || kind === 'timestamp' ? z.iso.datetime() : z.string();
}

interface Model {
  readonly spec: ModelSettings;
  readonly node: DbtNode;
  readonly key: string;
  readonly dir: string;
  readonly upstreams: readonly AssetDefinition[];
  readonly schema: Row | undefined;
}

export function modelDefinition({ spec, node, key, dir, upstreams, schema }: Model): AssetDefinition {
  const { uniqueId, fqn } = node;
  const divided = partitionsOf(spec, node);
  const folder = node.key.includes('/') ? node.key.slice(0, node.key.indexOf('/')) : undefined;
  const group = node.group ?? folder;
  return {
    ...define(key, {
      store: modelStore(spec, node, schema),
      description: node.description,
      owners: node.owners,
      tags: Object.fromEntries(node.tags.map((tag) => [tag, ''])),
      ...(group !== undefined && { group }),
      codeVersion: node.codeVersion,
      ...(spec.retry !== undefined && { retry: spec.retry }),
      ...(divided !== undefined && { partitions: { definition: divided.definition }, backfill: divided.backfill }),
    }),
    dependencies: dependenciesOn(upstreams, { kind: 'same' }),
    transform: { project: spec.name, dir, uniqueId, fqn, ...(divided !== undefined && { slice: divided.slice }) },
  };
}

/** Nothing here makes it, and it changes no data: it shows who reads the models. */
export function exposureDefinition(key: string, exposure: DbtExposure, upstreams: readonly AssetDefinition[]): AssetDefinition {
  const { description, url, owners, tags, type, maturity } = exposure;
  return {
    ...define(key, {
      description: [description, url].filter(Boolean).join('\n'),
      group: 'exposures',
      owners,
      tags: { ...Object.fromEntries(tags.map((tag) => [tag, ''])), exposure: type, ...(maturity !== undefined && { maturity }) },
    }),
    dependencies: dependenciesOn(upstreams, { kind: 'order' }),
  };
}

function dependenciesOn(upstreams: readonly AssetDefinition[], mapping: Mapping): Readonly<Record<string, DependencyDefinition>> {
  return Object.fromEntries(upstreams.map((upstream) => [upstream.key, { upstream, mapping }]));
}
