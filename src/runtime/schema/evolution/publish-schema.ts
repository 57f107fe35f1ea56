import type { z } from 'zod';
import { SpindleError } from '../../errors.ts';
import type { Broker, ProduceRecord } from '../../resource/broker.ts';
import { changeText, type Change, type ChangeClass } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import { COPY, JUDGED_TO, readPublished, SCHEMA_TOPIC, type PublishedSchema } from './published-schemas.ts';
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
  const fingerprint = schemaFingerprint(schema);
  let written: Written | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    signal.throwIfAborted();
    const found = await readPublished(topic, { broker, signal, whole: written !== undefined });
    const comparison = found.schema === undefined ? undefined : compareSchemas(found.schema.schema, schema);
    // others may have followed: they were compared with this one
    const counted = written !== undefined && found.counted({ fingerprint, judgedTo: written.judgedTo });
    const isRefused = comparison?.class === 'breaking' && !accept;
    if (found.schema !== undefined && (counted || isRefused || comparison?.class === 'identical')) {
      // who reads nothing but the newest entry must not be left with one that does not count
      if (!found.isNewest && attempt < TRIES - 1) {
        await append(found.schema, { [COPY]: 'true' }, options);
        continue;
      }
      if (counted) return { published: true, ...written!.publication };
      if (isRefused) throw breaking(options, found.schema, comparison.changes);
      return { published: false, version: found.schema.version, class: 'identical' };
    }
    const publication = { version: (found.schema?.version ?? 0) + 1, class: comparison?.class ?? 'identical' };
    written = { publication, judgedTo: found.end };
    await append({ schema, fingerprint, version: publication.version }, { [JUDGED_TO]: String(found.end) }, options);
  }
  throw new SpindleError('INTERNAL', `The schema of ${topic} was published by others ${TRIES} times while ${options.assetKey} tried to.`, {
    asset: options.assetKey,
    transient: true,
    remedy: 'Run it again. If that does not help, two versions of the pipeline undo what the other publishes: stop one of them.',
  });
}

interface Written {
  readonly publication: Omit<Publication, 'published'>;
  /** Up to where the topic was read before. */
  readonly judgedTo: number;
}

async function append(
  { schema, fingerprint, version }: Pick<PublishedSchema, 'schema' | 'fingerprint' | 'version'>,
  headers: ProduceRecord['headers'],
  { broker, topic, project, now, signal }: PublishOptions,
): Promise<void> {
  await broker.ensureTopic(SCHEMA_TOPIC);
  const at = now();
  const entry: PublishedSchema = { topic, version, schema, fingerprint, publishedAt: at.toISOString(), project: project ?? null };
  const value = Buffer.from(JSON.stringify(entry));
  const record = { partition: 0, key: topic, value, headers, timestamp: at.getTime() };
  await broker.produce(SCHEMA_TOPIC.name, [record], { signal });
}

function breaking({ assetKey, topic }: PublishOptions, { version }: PublishedSchema, changes: readonly Change[]): SpindleError {
  const refused = changes.filter((change) => change.class === 'breaking');
  const issues = refused.map(changeText);
  const [first] = refused;
  return new SpindleError(
    'SCHEMA_BREAKING',
    `The schema of ${assetKey} refuses records that the published schema of its topic ${topic} (version ${version}) allows: ${issues.join('; ')}.`,
    {
      asset: assetKey,
      ...(first !== undefined && first.path !== '' && { field: first.path }),
      issues,
      remedy: `Make the change one that old records pass (a new field optional, a limit no tighter), use a new topic name, or publish it on purpose: spindle diff ${assetKey} --accept`,
    },
  );
}
