import { posix } from 'node:path';
import type { AssetDefinition } from '../../runtime/declare/definition.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { Graph } from '../../runtime/graph/graph.ts';
import { canonicalJson } from '../../runtime/digest.ts';
import { isSchemaObject, type SchemaObject } from '../../runtime/schema/evolution/json-schema.ts';
import { wireJsonSchema } from '../../runtime/schema/evolution/wire-json-schema.ts';
import { fileName } from '../file-name.ts';
import { generatedJson, type GeneratedFile, type Origin } from '../generated-file.ts';

export interface JsonSchemaInput {
  readonly graph: Graph;
  /** Relative to the project's folder. */
  readonly folder: string;
  readonly origin: Origin;
}

/**
 * A JSON Schema (draft 2020-12) for each topic: of its records as they lie on the wire, and the one that is published beside it. EXPORT_INVALID where two assets
 * declare one topic in two ways.
 */
export function generateJsonSchema({ graph, folder, origin }: JsonSchemaInput): readonly GeneratedFile[] {
  const topics = new Map<string, Declared>();
  const problems: string[] = [];
  for (const asset of graph.assets) {
    const declared = declaredTopic(asset);
    if (declared === undefined) continue;
    const known = topics.get(declared.topic);
    if (known !== undefined && canonicalJson(known.schema) !== canonicalJson(declared.schema))
      problems.push(`${known.asset.key} and ${asset.key} declare the topic ${declared.topic} with two schemas: give both the same one.`);
    // what the project writes is said by who writes it
    if (known === undefined || known.asset.run === undefined) topics.set(declared.topic, declared);
  }
  if (problems.length > 0)
    throw new SpindleError('EXPORT_INVALID', problems.join('\n'), { issues: problems, remedy: 'Declare the schema in one place.' });
  return [...topics.values()].map(({ topic, asset, schema }) =>
    generatedJson(
      {
        path: posix.join(folder, `${fileName(topic)}.schema.json`),
        value: (header) => document({ topic, asset, schema }, { header, project: origin.project }),
      },
      origin,
    ),
  );
}

interface Declared {
  readonly topic: string;
  readonly asset: AssetDefinition;
  readonly schema: SchemaObject;
}

function declaredTopic(asset: AssetDefinition): Declared | undefined {
  const { kind, schema, location } = asset.store?.spec ?? {};
  if (kind !== 'topic' || schema === undefined || location === undefined) return undefined;
  const json = wireJsonSchema(schema);
  return { topic: location, asset, schema: isSchemaObject(json) ? json : { allOf: [json] } };
}

/** The published schema under a name and a title; the header goes before what `$comment` says of the schema. */
function document(
  { topic, asset, schema }: Declared,
  { header, project }: { readonly header: string; readonly project: string },
): Readonly<Record<string, unknown>> {
  const { $schema, $comment, $id: _, title, description = asset.description, ...rest } = schema;
  return {
    $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:spindle:${encodeURIComponent(Buffer.from(project).toString())}:topic:${encodeURIComponent(Buffer.from(topic).toString())}`,
    $comment: typeof $comment === 'string' ? `${header} ${$comment}` : header,
    title: title ?? topic,
    ...(description !== undefined && { description }),
    ...rest,
  };
}
