import { z } from 'zod';
import type { Graph } from '../../runtime/graph/graph.ts';
import { landingColumns } from '../../runtime/landing/landed.ts';
import type { JsonSchema } from '../../runtime/schema/evolution/json-schema.ts';
import { wireJsonSchema } from '../../runtime/schema/evolution/wire-json-schema.ts';
import { landingsOf } from '../landing/landings.ts';

/** A topic as the project declares it. */
export interface DeclaredTopic {
  readonly topic: string;
  readonly asset: string;
  readonly zod: z.ZodType;
  readonly schema: JsonSchema;
  /** False for a source: somebody else writes the topic, and publishes its schema. */
  readonly isWritten: boolean;
}

/** What a landing takes; other records become dead letters. */
export interface DeclaredLanding {
  readonly asset: string;
  readonly topic: string;
  /** The key of the topic's asset. */
  readonly source: string;
  readonly schema: JsonSchema;
}

/** The topics among the assets, in the graph's order. */
export function declaredTopics(graph: Graph, selected: ReadonlySet<string>): readonly DeclaredTopic[] {
  return graph.assets.flatMap(({ key, store, run }) => {
    const { schema: zod, location: topic } = store?.kind === 'topic' ? store.spec : {};
    if (zod === undefined || topic === undefined || !selected.has(key)) return [];
    return [{ topic, asset: key, zod, schema: wireJsonSchema(zod), isWritten: run !== undefined }];
  });
}

/** The landings that are among the assets or land one of them, in the graph's order. */
export function declaredLandings(graph: Graph, selected: ReadonlySet<string>): readonly DeclaredLanding[] {
  return landingsOf(graph).flatMap(({ asset, topic, source }) => {
    const zod = graph.get(asset).store?.spec.schema;
    if (!(zod instanceof z.ZodObject) || !(selected.has(asset) || selected.has(source))) return [];
    const own = Object.entries(zod.shape).filter(([name]) => !Object.hasOwn(landingColumns, name));
    return [{ asset, topic, source, schema: wireJsonSchema(z.object(Object.fromEntries(own))) }];
  });
}
