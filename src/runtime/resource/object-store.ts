import { resource } from './resource.ts';

export interface ObjectInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Differs whenever the content does. */
  readonly etag: string;
}

export interface ObjectHead extends ObjectInfo {
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * What Spindle asks of an object store (S3's model): flat keys, whole objects, conditional creation.
 * A write is seen whole or not at all, with its metadata; keys are lists of `/`-separated names of printable ASCII without `..`.
 */
export interface ObjectStore {
  /** Creates the object unless the key exists: of several racing callers exactly one gets 'created'. */
  putIfAbsent(key: string, body: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<'created' | 'exists'>;
  /** Creates or replaces the object. */
  put(key: string, body: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<ObjectInfo>;
  head(key: string): Promise<ObjectHead | undefined>;
  /** The object's bytes, or those of the half-open range; OBJECT_NOT_FOUND where there is none. */
  get(key: string, range?: { readonly from: number; readonly to?: number }): Promise<Uint8Array>;
  /** Objects whose key starts with `prefix`, in ascending byte order of their keys: those after `after` only, at most `limit` of them. */
  list(
    prefix: string,
    options?: { readonly after?: string; readonly limit?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<ObjectInfo>;
  /** Deletes the object; nothing happens where there is none. */
  delete(key: string): Promise<void>;
  /** A path on this machine at which other programs can read the object, where the store has one. */
  localPath?(key: string): string;
}

export const lake = resource<ObjectStore>()('lake');
