import type { Flat, Provider } from '../resource/resource.ts';
import type { Row } from '../store/row.ts';
import type { TableHandle } from '../store/table-handle.ts';
import type { Warehouse } from '../resource/warehouse.ts';
import type { z } from 'zod';
import type { AirflowSettings } from './airflow.ts';
import type { Asset } from './asset.ts';
import type { Check } from './check.ts';
import type { AssetDefinition, CheckDefinition } from './definition.ts';
import type { Job } from './job.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- the usual way to turn a union into an intersection
type UnionToIntersection<U> = (U extends any ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
/** The resources that a list of assets needs, by name. */
type NeedsOfOne<A> = A extends Asset<string, unknown, infer N> ? N : never;
export type NeedsOfAll<A extends readonly Asset[]> = Flat<UnionToIntersection<{ [I in keyof A]: NeedsOfOne<A[I]> }[number]>>;
export type KeyOf<A extends readonly Asset[]> = A[number]['key'];

export interface DbtProjectContents {
  readonly assets: readonly AssetDefinition[];
  readonly checks: readonly CheckDefinition[];
  /** Why it does not fit the assets, as the issues of a graph. */
  readonly issues: readonly string[];
}

/** A dbt project whose manifest was read: the tables of the models that others refer to are known. */
export interface LoadedDbtProject {
  /** Finds its sources among the assets. A source may be a model of another project, so all of a graph are loaded before. */
  resolve(): DbtProjectContents;
}

/** A model that an asset in TypeScript names. */
export interface DbtReference {
  /** How dbt names the model: `ref('top_songs')`, `ref('top_songs', v=2)`. */
  readonly ref: string;
  /** Of the model, once the manifest was read. */
  readonly definition: AssetDefinition;
  /** False until the project is loaded, and where its manifest has no such model: the table is not known. */
  readonly isResolved: boolean;
}

/** The models of a dbt project as assets, read from its manifest. */
export interface DbtProject {
  readonly name: string;
  /** Its folder, relative to the project's root or absolute. */
  readonly dir: string;
  /** The assets that its sources are. */
  readonly sources: readonly Asset[];
  /** The references that `model()` made so far, each once. */
  references(): readonly DbtReference[];
  /** A typed reference to one model, resolved and checked against its contract when the graph is built. */
  model<const K extends string, S extends Row>(
    key: K,
    schema: S,
  ): Asset<K, TableHandle<z.output<S>>, { warehouse: Warehouse }, undefined, never>;
  /** Reads the models and tests. `root` is the folder that `dir` is relative to; `parse` has dbt read the project where its committed manifest is out of date (without it, the manifest is taken as it is). */
  load(root: string, parse?: (dir: string) => Promise<unknown>): Promise<LoadedDbtProject>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a provider of anything, where no asset names the resource
type AnyProvider = Provider<any>;
export type Environment = Readonly<Record<string, AnyProvider | undefined>>;

/** Everything that a project declares, as data. */
export interface Project {
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly dbt: readonly DbtProject[];
  readonly checks: readonly Check[];
  readonly jobs: readonly Job[];
  readonly environments: Readonly<Record<string, Environment>>;
  readonly airflow: AirflowSettings;
}

export interface ProjectSpec<A extends readonly Asset[]> {
  name: string;
  assets: A;
  dbt?: readonly DbtProject[];
  checks?: readonly Check[];
  jobs?: readonly Job[];
  /** The first one is the default. An environment may leave a resource out; a selection that needs it is then refused when it is planned. */
  environments: Record<
    string,
    { readonly [N in keyof NeedsOfAll<A>]?: Provider<NeedsOfAll<A>[N]> } & { readonly [other: string]: AnyProvider | undefined }
  >;
  /** How the jobs become DAGs. */
  airflow?: AirflowSettings;
}

export function defineProject<const A extends readonly Asset[]>({
  name,
  assets,
  dbt = [],
  checks = [],
  jobs = [],
  environments,
  airflow = {},
}: ProjectSpec<A>): Project {
  return { name, assets, dbt, checks, jobs, environments, airflow };
}
