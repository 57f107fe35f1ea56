import { z } from 'zod';
import { define } from '../runtime/declare/asset.ts';
import type { AssetDefinition, DependencyDefinition, Mapping } from '../runtime/declare/definition.ts';
import type { Row } from '../runtime/store/row.ts';
import { table } from '../runtime/store/table.ts';
import type { DbtExposure, DbtNode } from './graph.ts';

/** The table of a model: with a column for its event time at least. */
export function modelStore({ eventTime, relation }: DbtNode, schema: Row | undefined) {
  const row: Row = schema ?? z.object(eventTime === undefined ? {} : { [eventTime]: z.iso.datetime() });
  return table(relation, row, eventTime !== undefined && eventTime in row.shape ? { partitionBy: eventTime } : {});
}

interface Model {
  /** The name of its project. */
  readonly project: string;
  readonly node: DbtNode;
  readonly key: string;
  readonly dir: string;
  readonly upstreams: readonly AssetDefinition[];
  readonly schema: Row | undefined;
}

export function modelDefinition({ project, node, key, dir, upstreams, schema }: Model): AssetDefinition {
  const { uniqueId, fqn } = node;
  const folder = node.key.includes('/') ? node.key.slice(0, node.key.indexOf('/')) : undefined;
  const group = node.group ?? folder;
  return {
    ...define(key, {
      store: modelStore(node, schema),
      description: node.description,
      owners: node.owners,
      tags: Object.fromEntries(node.tags.map((tag) => [tag, ''])),
      ...(group !== undefined && { group }),
      codeVersion: node.codeVersion,
    }),
    dependencies: dependenciesOn(upstreams, { kind: 'same' }),
    transform: { project, dir, uniqueId, fqn },
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
