import { z } from 'zod';
import type { Graph } from '../../runtime/graph/graph.ts';
import { changeText, worstOf, type Change, type ChangeClass } from '../../runtime/schema/evolution/change.ts';
import { compareSchemas, misfits } from '../../runtime/schema/evolution/compare-schemas.ts';
import type { JsonSchema } from '../../runtime/schema/evolution/json-schema.ts';
import type { DeclaredLanding, DeclaredTopic } from './declared-schemas.ts';

/** What a topic is compared with. */
export interface BaseSchema {
  readonly schema: JsonSchema;
  readonly fingerprint: string;
  /** Of what is published; null in a file. */
  readonly version: number | null;
  readonly project: string | null;
}

/** A change with the assets downstream that it concerns, in the graph's order. */
export type ConcerningChange = Change & { readonly assets: readonly string[] };

/** What became of one part of the project. Tables and models of dbt may be parts too, one day. */
export interface DiffPart {
  readonly kind: 'topic' | 'landing';
  /** The topic's name, or the landing's key. */
  readonly name: string;
  readonly asset: string;
  /** `new`: there is nothing to compare it with. */
  readonly class: ChangeClass | 'new';
  readonly version: number | null;
  readonly changes: readonly ConcerningChange[];
}

export interface DiffReport {
  readonly parts: readonly DiffPart[];
  /** Topics of this project that are published and no longer declared. */
  readonly gone: readonly string[];
  readonly breaking: number;
}

export interface DiffInput {
  readonly graph: Graph;
  readonly project: string;
  /** Selected ones. */
  readonly topics: readonly DeclaredTopic[];
  readonly landings: readonly DeclaredLanding[];
  /** All topics of the project; undefined where only some were asked for. */
  readonly declared: ReadonlySet<string> | undefined;
  /** By topic. */
  readonly base: ReadonlyMap<string, BaseSchema>;
}

/** Compares topics with what they were, and landings with the records of their topics. */
export function diffReport({ graph, project, topics, landings, declared, base }: DiffInput): DiffReport {
  const topicParts = topics.map((topic) => topicPart(topic, base.get(topic.topic), graph));
  const landingParts = landings.flatMap((landing): readonly DiffPart[] => {
    const own = topics.find(({ asset }) => asset === landing.source);
    const told = topicParts.find(({ asset }) => asset === landing.source)?.changes.map(changeText) ?? [];
    const schemas = [base.get(landing.topic)?.schema, own?.schema].filter((schema) => schema !== undefined);
    const refused = schemas.flatMap((schema) => misfits(schema, landing.schema)).filter((change) => !told.includes(changeText(change)));
    const changes = [...new Map(refused.map((change) => [changeText(change), change])).values()];
    return [
      {
        kind: 'landing',
        name: landing.asset,
        asset: landing.asset,
        class: worstOf(changes),
        version: null,
        changes: concerning(changes, landing.asset, graph),
      },
    ];
  });
  const parts = [...topicParts, ...landingParts];
  const gone =
    declared === undefined
      ? []
      : [...base].filter(([topic, schema]) => schema.project === project && !declared.has(topic)).map(([topic]) => topic);
  const breaking = parts.flatMap(({ changes }) => changes).filter((change) => change.class === 'breaking').length;
  return { parts, gone: gone.toSorted(), breaking };
}

function topicPart({ topic, asset, schema }: DeclaredTopic, base: BaseSchema | undefined, graph: Graph): DiffPart {
  const part = { kind: 'topic', name: topic, asset, version: base?.version ?? null } as const;
  if (base === undefined) return { ...part, class: 'new', changes: [] };
  const compared = compareSchemas(base.schema, schema);
  return { ...part, class: compared.class, changes: concerning(compared.changes, asset, graph) };
}

function concerning(changes: readonly Change[], asset: string, graph: Graph): readonly ConcerningChange[] {
  const downstream = graph.descendants(asset);
  const keys = graph.keys.filter((key) => downstream.has(key));
  return changes.map((change) => ({ ...change, assets: keys.filter((key) => concerns(change, graph.get(key).store?.spec.schema)) }));
}

/** A field that is new or otherwise described is nothing to those that do not declare it; whatever else changes may reach everything that is computed from the topic. */
function concerns({ kind, path }: Change, schema: z.ZodType | undefined): boolean {
  if (kind !== 'added' && kind !== 'documentation') return true;
  const shape = schema instanceof z.ZodObject ? schema.shape : {};
  const inner = path.replace(/^\([^)]*\)\.?/, '');
  return Object.keys(shape).some((name) => inner === name || (inner.startsWith(name) && '.[('.includes(inner.charAt(name.length))));
}
