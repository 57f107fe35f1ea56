import type { z } from 'zod';
import type { Dialect } from '../schema/dialect.ts';
import type { Faults } from './faults.ts';

/** A typed connection that an asset or a store needs, bound by name in an environment. */
export interface Resource<Name extends string = string, T = unknown> {
  readonly name: Name;
  readonly _t?: T;
  /** No function: one has a name too, and `resource<T>()` without its name must not pass for a resource. */
  readonly apply?: never;
}

export function resource<T>(): <const N extends string>(name: N) => Resource<N, T> {
  return (name) => ({ name });
}

/** What an environment hands to a provider when it opens a resource. */
export interface ProviderContext {
  /** The folder that local drivers write under, absolute: `.spindle/<environment>` of the project. */
  readonly directory: string;
  /** The project's root, absolute. */
  readonly root: string;
  /** The SQL of the environment's warehouse, where its provider tells. */
  readonly dialect?: Dialect | undefined;
  /** The environment variables that the provider declared, parsed. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly faults: Faults;
  /** Notices for the person at the terminal, such as progress of a first-time set-up. */
  notify(message: string): void;
  /** Opens another resource of the same environment, once: dbt needs to know the warehouse. */
  open(name: string): Promise<unknown>;
}

/** How one environment opens a resource. The driver's SDK is imported inside `open`, never at module level. */
export interface Provider<T> {
  /** The environment variables that `open` needs; parsed together with those of every other provider that a run needs. */
  readonly variables?: z.ZodObject;
  /** Set where it is in files of this host, and out of reach of tasks on another one: for one process at a time, or shared by the processes of the host. */
  readonly embedded?: 'exclusive' | 'shared';
  /** Of a warehouse: the SQL that it speaks, known before it is opened. */
  readonly dialect?: Dialect;
  open(context: ProviderContext): Promise<T>;
  close?(value: T): Promise<void>;
}

export type Resources = Record<string, Resource>;
export type Opened<R extends Resources> = { [K in keyof R]: R[K] extends Resource<string, infer T> ? T : never };
export type NeedsOf<R extends Resources> = { [K in keyof R as R[K]['name']]: R[K] extends Resource<string, infer T> ? T : never };
export type Flat<T> = { [K in keyof T]: T[K] } & {};
