import { z } from 'zod';
import { digest } from '../digest.ts';
import { SpindleError } from '../errors.ts';
import { lake } from '../resource/object-store.ts';
import { describeIssue } from '../schema/row-validator.ts';
import { defineStore, type Store, type StoreContext } from './store.ts';

type Resources = { lake: typeof lake };

/** Kept beside the value, so that asking for its version does not read it. */
const VERSION = 'spindle-version';

/** A JSON value kept in the lake, one object for each partition. An asset without a store keeps its value in memory, for the run alone. */
export function value<T>(schema?: z.ZodType<T>): Store<T, T, Resources> {
  return defineStore<T, T, Resources>({
    kind: 'value',
    durable: true,
    resources: { lake },
    ...(schema && { schema }),
    async write(content, context) {
      const body = Buffer.from(JSON.stringify(encode(schema, content, context)));
      const version = digest(body);
      const { size } = await context.resources.lake.put(keyOf(context), body, { [VERSION]: version });
      return { bytes: size, version };
    },
    async read(context) {
      const json: unknown = JSON.parse(Buffer.from(await context.resources.lake.get(keyOf(context))).toString());
      return schema === undefined ? (json as T) : z.decode(schema, json as never);
    },
    async version(context) {
      return (await context.resources.lake.head(keyOf(context)))?.metadata[VERSION];
    },
    given: (content) => content as T,
  });
}

function keyOf({ assetKey, partition }: StoreContext<Resources>): string {
  return partition === undefined ? `values/${assetKey}.json` : `values/${assetKey}/${encodeURIComponent(partition)}.json`;
}

/** The schema's input side, which is what lies at rest. */
function encode<T>(schema: z.ZodType<T> | undefined, content: T, { assetKey, partition }: StoreContext<Resources>): unknown {
  const place = {
    asset: assetKey,
    ...(partition !== undefined && { partition }),
    remedy: "Change what the asset's function returns, or the schema of its store.",
  };
  if (content === undefined) throw new SpindleError('VALUE_INVALID', `${assetKey} returned nothing, and its store keeps a value.`, place);
  const result = schema?.safeEncode(content);
  if (result === undefined) return content;
  if (result.success) return result.data;
  const issues = result.error.issues.map(describeIssue);
  throw new SpindleError('VALUE_INVALID', `${assetKey} returned a value that does not fit its schema: ${issues.join('; ')}.`, {
    ...place,
    issues,
  });
}
