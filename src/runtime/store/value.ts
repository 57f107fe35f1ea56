import { z } from 'zod';
import { digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { lake } from '../resource/object-store.ts';
import { describeIssue } from '../schema/row-validator.ts';
import { defineStore, type Store, type StoreContext } from './store.ts';

/** A zod schema, looked at for what it decodes to alone: comparing all of one costs the type checker thousands of steps. */
interface ValueSchema<T> {
  readonly _zod: { readonly output: T };
}

type Resources = { lake: typeof lake };

/** Kept beside the value, so that asking for its version does not read it. */
const VERSION = 'spindle-version';

/** A JSON value kept in the lake, one object for each partition. An asset without a store keeps its value in memory, for the run alone. */
export function value<T>(valueSchema?: ValueSchema<T>): Store<T, T, Resources> {
  const schema = valueSchema as z.ZodType<T> | undefined;
  return defineStore<T, T, Resources>({
    kind: 'value',
    durable: true,
    resources: { lake },
    ...(schema && { schema }),
    async write(content, context) {
      const body = Buffer.from(JSON.stringify(encode(schema, content, context)));
      const version = digest(body);
      const { size } = await context.resources.lake.put(objectKey(context.assetKey, context.partition), body, { [VERSION]: version });
      return { bytes: size, version };
    },
    async read(context) {
      const key = context.formerKeys.length === 0 ? objectKey(context.assetKey, context.partition) : (await find(context)).key;
      const json: unknown = JSON.parse(Buffer.from(await context.resources.lake.get(key)).toString());
      return schema === undefined ? (json as T) : z.decode(schema, json as never);
    },
    async version(context) {
      return (await find(context)).version;
    },
    given(content, _version, { assetKey }) {
      encode(schema, content as T, { assetKey, given: true });
      return content as T;
    },
  });
}

interface Found {
  readonly key: string;
  readonly version: string | undefined;
}

/** Where the recorded value lies: under the asset's key, or under one that it had before, as long as it was not written anew. Another value under a former key is out of date. */
async function find({ resources, assetKey, formerKeys, partition, version: recorded }: StoreContext<Resources>): Promise<Found> {
  const at = async (key: string): Promise<Found> => ({ key, version: (await resources.lake.head(key))?.metadata[VERSION] });
  const own = await at(objectKey(assetKey, partition));
  if (own.version === recorded || recorded === undefined) return own;
  for (const former of formerKeys) {
    const found = await at(objectKey(former, partition));
    if (found.version === recorded) return found;
  }
  return own;
}

function objectKey(assetKey: string, partition: string | undefined): string {
  return partition === undefined ? `values/${assetKey}.json` : `values/${assetKey}/${encodeURIComponent(partition)}.json`;
}

interface Origin {
  readonly assetKey: string;
  readonly partition?: string | undefined;
  /** True where a test gives the value. */
  readonly given?: boolean;
}

/** The schema's input side, which is what lies at rest. */
function encode<T>(schema: z.ZodType<T> | undefined, content: T, { assetKey, partition, given = false }: Origin): unknown {
  const place = {
    asset: assetKey,
    ...(partition !== undefined && { partition }),
    remedy: given
      ? 'Correct the value in given(), or the schema of the store.'
      : "Change what the asset's function returns, or the schema of its store.",
  };
  const whose = given ? `A value given for ${assetKey}` : `${assetKey} returned a value that`;
  if (content === undefined) throw new SpindleError('VALUE_INVALID', `${assetKey} returned nothing, and its store keeps a value.`, place);
  const result = schema?.safeEncode(content);
  if (result === undefined) return content;
  if (result.success) return result.data;
  const issues = result.error.issues.map(describeIssue);
  throw new SpindleError('VALUE_INVALID', `${whose} does not fit its schema: ${issues.join('; ')}.`, {
    ...place,
    issues,
  });
}
