import type { z } from 'zod';
import { SpindleError } from '../../errors.ts';
import type { Broker } from '../../resource/broker.ts';
import { changeText, type Change, type ChangeClass } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { JsonSchema } from './json-schema.ts';
import { JUDGED_TO, readPublished, SCHEMA_TOPIC, type Published, type PublishedSchema } from './published-schemas.ts';
import { schemaFingerprint, wireJsonSchema } from './wire-json-schema.ts';

export interface PublishOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** Of the topic's records. */
  readonly schema: z.ZodType;
  /** The asset that writes the topic. */
  readonly assetKey: string;
  /** The project that the asset belongs to, where that is known. */
  readonly project?: string | undefined;
  /** Publishes a breaking change too. */
  readonly accept?: boolean;
  readonly signal: AbortSignal;
  now(): Date;
}

/** What is published once a schema was. */
export interface Publication {
  /** False where it was published already. */
  readonly published: boolean;
  readonly version: number;
  /** What the change means; `identical` for a first schema too. */
  readonly class: ChangeClass;
}

/** Tries in a row in which others published meanwhile. */
const TRIES = 20;

/**
 * Publishes the schema of a topic beside it, before its first record is produced. Writes nothing where it is published already. Refuses a change that
 * breaks: SCHEMA_BREAKING. Two that publish at once are compared with one another: the one that comes second may be refused.
 */
export async function publishSchema(options: PublishOptions): Promise<Publication> {
  const { broker, topic, signal, accept = false } = options;
  const schema = wireJsonSchema(options.schema);
  const wanted: Wanted = { schema, fingerprint: schemaFingerprint(schema) };
  let change: ChangeClass = 'identical';
  let wrote = false;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    signal.throwIfAborted();
    const found = await readPublished(topic, { broker, signal });
    const comparison = found.schema === undefined ? undefined : compareSchemas(found.schema.schema, schema);
    if (found.schema !== undefined && comparison?.class === 'identical') {
      if (!found.isNewest) await append(found.schema, found, options);
      return { published: wrote, version: found.schema.version, class: change };
    }
    if (comparison?.class === 'breaking' && !accept) {
      // who reads nothing but the newest entry must not be left with one that does not count
      if (found.schema !== undefined && !found.isNewest) await append(found.schema, found, options);
      throw breaking(options, found.schema, comparison.changes);
    }
    change = comparison?.class ?? 'identical';
    await append({ ...wanted, version: (found.schema?.version ?? 0) + 1 }, found, options);
    wrote = true;
  }
  throw new SpindleError('INTERNAL', `The schema of ${topic} was published by others ${TRIES} times while ${options.assetKey} tried to.`, {
    asset: options.assetKey,
    transient: true,
    remedy: 'Run it again. If that does not help, two versions of the pipeline undo what the other publishes: stop one of them.',
  });
}

interface Wanted {
  readonly schema: JsonSchema;
  readonly fingerprint: string;
}

async function append(
  { schema, fingerprint, version }: Wanted & { readonly version: number },
  { end }: Published,
  { broker, topic, project, now, signal }: PublishOptions,
): Promise<void> {
  await broker.ensureTopic(SCHEMA_TOPIC);
  const at = now();
  const entry: PublishedSchema = { topic, version, schema, fingerprint, publishedAt: at.toISOString(), project: project ?? null };
  const value = Buffer.from(JSON.stringify(entry));
  const record = { partition: 0, key: topic, value, headers: { [JUDGED_TO]: String(end) }, timestamp: at.getTime() };
  await broker.produce(SCHEMA_TOPIC.name, [record], { signal });
}

function breaking({ assetKey, topic }: PublishOptions, published: PublishedSchema | undefined, changes: readonly Change[]): SpindleError {
  const refused = changes.filter((change) => change.class === 'breaking');
  const issues = refused.map(changeText);
  const [first] = refused;
  return new SpindleError(
    'SCHEMA_BREAKING',
    `The schema of ${assetKey} refuses records that the published schema of its topic ${topic} (version ${published?.version}) allows: ${issues.join('; ')}.`,
    {
      asset: assetKey,
      ...(first !== undefined && first.path !== '' && { field: first.path }),
      issues,
      remedy: `Make the change one that old records pass (a new field optional, a limit no tighter), use a new topic name, or publish it on purpose: spindle diff ${assetKey} --accept`,
    },
  );
}
