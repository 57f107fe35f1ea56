/** A dbt project as plain data: what Spindle's graph, checks and staleness need of its manifest. Lists are sorted by `uniqueId`. */
export interface DbtGraph {
  /** The project's name. */
  readonly name: string;
  readonly nodes: readonly DbtNode[];
  readonly tests: readonly DbtTest[];
  readonly sources: readonly DbtSource[];
  /** What people wrote down of who reads the models; not those that Spindle wrote of its own assets. */
  readonly exposures: readonly DbtExposure[];
}

/** A model, seed or snapshot. */
export interface DbtNode {
  readonly uniqueId: string;
  /** What `--select` names it by, joined with dots. */
  readonly fqn: string;
  /** Its folder and name, as in 'gold/top_songs'; of a node of a package behind the package's name. A version of a model has one segment more: 'gold/top_songs/v2'. */
  readonly key: string;
  /** 'schema.table'. */
  readonly relation: string;
  readonly description: string;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  /** `meta.owner` or `meta.owners`. */
  readonly owners: readonly string[];
  readonly columns: readonly DbtColumn[];
  /** True where dbt holds the table to `columns`. */
  readonly contract: boolean;
  /** 'view', 'table', 'incremental', 'ephemeral', 'seed', 'snapshot' or a custom one. */
  readonly materialized: string;
  readonly eventTime: string | undefined;
  /** Of a model that is built in batches of event time: how long one is, and the ISO instant or date at which the first one begins. */
  readonly microbatch: { readonly batchSize: string; readonly begin: string } | undefined;
  /** Differs whenever its SQL, a macro of the project that it uses, an ephemeral model in it, or a configuration that changes the table does. */
  readonly codeVersion: string;
  readonly dependsOn: readonly DbtDependency[];
  /** Relative to the project's folder. */
  readonly path: string;
}

export interface DbtColumn {
  readonly name: string;
  readonly type: string | undefined;
  readonly description: string;
}

/** A node by its `uniqueId`, or a source by its name. */
export type DbtDependency = { readonly kind: 'node'; readonly id: string } | { readonly kind: 'source'; readonly name: string };

export const DBT_TEST_KINDS = ['generic', 'singular', 'unit'] as const;
export type DbtTestKind = (typeof DBT_TEST_KINDS)[number];

export interface DbtTest {
  readonly uniqueId: string;
  readonly fqn: string;
  /** Short, and unique among the tests of one node. */
  readonly name: string;
  readonly description: string;
  readonly kind: DbtTestKind;
  readonly severity: 'error' | 'warn';
  /** The key of the node it judges: the one it is written at; else, of those that no other node it reads stands on, the last by name. Undefined where it reads none. */
  readonly node: string | undefined;
  /** The source that it judges, by its name: the one it is written at; else, where it reads no node, the last by name. */
  readonly source: string | undefined;
  /** Everything it reads. */
  readonly dependsOn: readonly DbtDependency[];
}

export interface DbtSource {
  readonly uniqueId: string;
  /** As in 'bronze.listening_events'. */
  readonly name: string;
  /** 'schema.table' in lower case, as assets name their tables: a name that is quoted for Snowflake is in upper case there. */
  readonly relation: string;
  readonly description: string;
}

/** A dashboard, notebook or application that reads models. */
export interface DbtExposure {
  readonly uniqueId: string;
  /** As in 'exposures/weekly_report'. */
  readonly key: string;
  readonly description: string;
  /** The mail addresses of its owner, else the owner's name. */
  readonly owners: readonly string[];
  readonly tags: readonly string[];
  /** 'dashboard', 'notebook', 'analysis', 'ml' or 'application'. */
  readonly type: string;
  readonly maturity: string | undefined;
  readonly url: string | undefined;
  readonly dependsOn: readonly DbtDependency[];
}
