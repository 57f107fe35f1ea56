import type { z } from 'zod';
import type { Condition } from '../automation/condition.ts';
import type { PartitionsDefinition } from '../partitions/definition.ts';
import type { AirflowJobSettings } from './airflow.ts';
import type { Resource } from '../resource/resource.ts';
import type { Store } from '../store/store.ts';

/** Which partitions of the upstream a dependency reads. */
export type Mapping =
  /** The same key, or the finer partitions that lie in this one. */
  | { readonly kind: 'same' }
  | { readonly kind: 'window'; readonly from: number; readonly to: number }
  | { readonly kind: 'every' }
  | CustomMapping
  /** Order only: no value, no staleness. */
  | { readonly kind: 'order' };

/** Partitions by functions of keys. Without `downstream`, each partition is asked what it reads. */
export interface CustomMapping {
  readonly kind: 'custom';
  /** The upstream keys that one partition of the dependent reads. */
  upstream(key: string): Iterable<string>;
  /** The inverse: the keys of the dependent that read one upstream partition. */
  readonly downstream: ((key: string) => Iterable<string>) | undefined;
}

export interface DependencyDefinition {
  readonly upstream: AssetDefinition;
  readonly mapping: Mapping;
}

/** A model of a transformer (dbt): built together with others in one call, not by a function. */
export interface TransformNode {
  /** Assets of one transformer project carry the same name. */
  readonly project: string;
  /** The project's folder, absolute. */
  readonly dir: string;
  readonly uniqueId: string;
  readonly fqn: string;
  /** Of a model with partitions: how a call is told which of them to build. */
  readonly slice?: TransformSlice;
}

/** The event time that a call is about; or variables, made of what an asset's function would get as `partition`. */
export type TransformSlice = { readonly kind: 'event-time' } | { readonly kind: 'variables'; of(partition: unknown): TransformVariables };

export type TransformVariables = Readonly<Record<string, string | number | boolean>>;

/** One function that yields several assets: the members share it, and it runs once for each run and partition. */
export interface SharedFunction {
  /** Of the function: the members' keys. */
  readonly name: string;
  /** What the function calls this asset. */
  readonly output: string;
  /** What it calls all of them. */
  readonly outputs: readonly string[];
}

/** What a function gets beside its inputs; the typed face of it is `Context`. */
export type UntypedContext = Readonly<Record<string, unknown>>;
export interface AssetFunction {
  (inputs: Readonly<Record<string, unknown>>, context: UntypedContext): unknown;
  /** Files that are code of the function beside the module that declares it, absolute. */
  readonly files?: readonly string[];
}

/** Everything that the runtime knows of an asset, without its types. */
export interface AssetDefinition {
  readonly key: string;
  readonly description: string | undefined;
  readonly group: string | undefined;
  readonly owners: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly formerly: readonly string[];
  // oxlint-disable-next-line typescript/no-explicit-any -- a graph holds stores of every type
  readonly store: Store<any, any, any> | undefined;
  readonly dependencies: Readonly<Record<string, DependencyDefinition>>;
  readonly config: z.ZodObject | undefined;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly partitions: PartitionsDefinition | undefined;
  /** How many partitions of time one call may make: each its own, or neighbors together as one range. */
  readonly backfill: 'each' | 'range';
  readonly automation: Condition | undefined;
  readonly freshness: string | undefined;
  readonly retry: { readonly attempts: number; readonly backoff: 'fixed' | 'exponential'; readonly delay: string };
  readonly timeout: string | undefined;
  readonly pool: string | undefined;
  readonly codeVersion: string | undefined;
  /** How it comes about: a function; nothing here (a source: something else writes it); or a transformer. */
  readonly run: AssetFunction | undefined;
  /** Of a source: tells the version of its data, in place of a store. */
  readonly observe?: (context: UntypedContext) => Promise<string | undefined> | string | undefined;
  readonly shared: SharedFunction | undefined;
  readonly transform: TransformNode | undefined;
}

export interface CheckDefinition {
  readonly asset: AssetDefinition;
  readonly name: string;
  readonly blocking: boolean;
  readonly severity: 'warn' | 'error';
  readonly description: string | undefined;
  /** Absent where a transformer runs the check with its model. */
  readonly run: ((value: unknown, context: UntypedContext) => Promise<CheckResult> | CheckResult) | undefined;
  /** The transformer's name for it. */
  readonly uniqueId: string | undefined;
  /** Of a check that a transformer runs: its project's folder, what selects it alone, and the keys of the assets that it reads. */
  readonly transform?: { readonly dir: string; readonly fqn: string; readonly reads: readonly string[] };
}

export interface CheckResult {
  readonly passed: boolean;
  readonly metadata?: Record<string, unknown>;
}

export interface JobDefinition {
  readonly name: string;
  readonly select: string;
  readonly automation: Condition | undefined;
  readonly tags: readonly string[];
  readonly airflow: AirflowJobSettings;
}
