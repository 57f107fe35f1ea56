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

/** The half-open range of an object's bytes; `from` on where `to` is absent. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number;
}

/**
 * What Spindle asks of an object store (S3's model): flat keys, whole objects, conditional creation.
 * A write is seen whole or not at all, with its metadata; keys are lists of `/`-separated names of printable ASCII without `..`.
 * Metadata are names of letters, digits, `-`, `_` and `.` without regard to case, given back in lower case, and values of printable ASCII without spaces
 * around them; together 2 KB at most.
 */
export interface ObjectStore {
  /** Creates the object unless the key exists: of several racing callers exactly one gets 'created'. */
  putIfAbsent(key: string, body: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<'created' | 'exists'>;
  /** Creates or replaces the object. A body in pieces is written as they come; where it fails on the way, the object is as it was. */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, metadata: Readonly<Record<string, string>>): Promise<ObjectInfo>;
  head(key: string): Promise<ObjectHead | undefined>;
  /** The object's bytes, or those of the range; OBJECT_NOT_FOUND where there is none. */
  get(key: string, range?: ByteRange): Promise<Uint8Array>;
  /** As `get`, in pieces as they come, for objects larger than memory. All of one write, even where the object is replaced meanwhile. */
  read(key: string, options?: { readonly range?: ByteRange; readonly signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /** Objects whose key starts with `prefix`, in ascending byte order of their keys: those after `after` only, at most `limit` of them. */
  list(
    prefix: string,
    options?: { readonly after?: string; readonly limit?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<ObjectInfo>;
  /** Deletes the object; nothing happens where there is none. */
  delete(key: string): Promise<void>;
  /** A path on this machine at which other programs can read the object, where the store has one. */
  localPath?(key: string): string;
  /** Where the objects lie, where that can be set up by {@link Bucket}. */
  readonly bucket?: Bucket;
}

/** What a server does with objects of the store on its own, after so many days. It never touches a current object. */
export interface LifecycleRules {
  /** Removes versions that were replaced or deleted. */
  readonly noncurrentDays?: number;
  /** Removes the parts of uploads that were never completed. */
  readonly incompleteUploadDays?: number;
}

export interface BucketState {
  readonly exists: boolean;
  readonly versioning: 'on' | 'off' | 'unsupported';
  /** The rules that Spindle set, as far as the server keeps them. `asked` is what they were when they were set. */
  readonly lifecycle: 'none' | 'unsupported' | { readonly asked: LifecycleRules; readonly kept: LifecycleRules };
}

/** The place of an object store that a server must be told of before its first object. */
export interface Bucket {
  readonly name: string;
  /** Of the server, without credentials. */
  readonly endpoint: string;
  state(): Promise<BucketState>;
  /** Nothing happens where it exists and is this user's. */
  create(): Promise<void>;
  enableVersioning(): Promise<'set' | 'unsupported'>;
  /** Sets the rules for the objects of this store; those that others set for the bucket stay. A server may keep a part of them only: see `state`. */
  setLifecycle(rules: LifecycleRules): Promise<'set' | 'unsupported'>;
}

export const lake = resource<ObjectStore>()('lake');
