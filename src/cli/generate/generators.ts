import type { InferredOptionTypes, Options } from 'yargs';
import type { GeneratedFile } from '../../codegen/generated-file.ts';
import type { Session } from '../session.ts';
import { AIRFLOW_OPTIONS } from './airflow-options.ts';
import { DBT_OPTIONS } from './dbt-options.ts';
import { DDL_OPTIONS, DOCS_OPTIONS, JSON_SCHEMA_OPTIONS } from './schema-options.ts';

/** Files of one kind that a generator may own in a folder. */
export interface OwnedFiles {
  /** Relative to the project's root, with forward slashes. */
  readonly folder: string;
  /** How their names end: `.py`. */
  readonly ending: string;
  /** Whether the folders below it count as well. */
  readonly deep: boolean;
}

/** What a generator makes of a project. */
export interface Generated {
  readonly files: readonly GeneratedFile[];
  /** Where files that it made before, and wants no more, are removed. None where it made a part of its files. */
  readonly owns: readonly OwnedFiles[];
  /** What is said under the list of files. */
  readonly notes: readonly string[];
}

/** Makes the files, and reads and writes none. Its options have the values of their defaults where they were not given. */
export type Generate<O extends GeneratorOptions = GeneratorOptions> = (
  session: Session,
  args: InferredOptionTypes<O>,
) => Generated | Promise<Generated>;

export type GeneratorOptions = Readonly<Record<string, Options>>;

/** A subcommand of `spindle generate`. */
export interface GeneratorEntry<O extends GeneratorOptions = GeneratorOptions> {
  readonly name: string;
  readonly describe: string;
  /** Beside those of every generator. */
  readonly options: O;
  /** Calls, and what they do. */
  readonly examples: readonly (readonly [call: string, what: string])[];
  /** True of one that is given no graph, and works where none can be built yet. */
  readonly withoutGraph?: boolean;
  /** True of one whose files tell of dbt's models: where these were read from an outdated manifest, a check ends with 3. */
  readonly tellsOfModels?: boolean;
  readonly load: () => Promise<Generate<O>>;
}

/** Forgets which options a generator takes: it is called with those that it declares. */
export const generator = <const O extends GeneratorOptions>(entry: GeneratorEntry<O>): GeneratorEntry => entry as unknown as GeneratorEntry;

/** Every generator, in the order in which `--help` shows them. */
export const GENERATORS: readonly GeneratorEntry[] = [
  generator({
    name: 'airflow',
    describe: 'A DAG for each job, below airflow/dags',
    options: AIRFLOW_OPTIONS,
    examples: [
      ['spindle generate airflow', 'a DAG for each job'],
      ['spindle generate airflow --check', 'for CI: whether the committed files are those of the project'],
      ['spindle generate airflow --target 2.9 --operator kubernetes', 'other settings than those of the project'],
    ],
    tellsOfModels: true,
    load: async () => (await import('./airflow.ts')).generate,
  }),
  generator({
    name: 'dbt',
    describe: 'The sources, tests and exposures of the dbt projects, below their models and macros',
    options: DBT_OPTIONS,
    examples: [
      ['spindle generate dbt', 'every table that dbt reads, as a source'],
      ['spindle generate dbt --check', 'for CI: whether they are those of the project, and which models read a column that is gone'],
    ],
    withoutGraph: true,
    load: async () => (await import('./dbt.ts')).generate,
  }),
  generator({
    name: 'ddl',
    describe: 'The tables as SQL, below generated/ddl',
    options: DDL_OPTIONS,
    examples: [
      ['spindle generate ddl', 'for DuckDB and for Snowflake'],
      ['spindle generate ddl --dialect snowflake --out infra/sql', 'for one of them, elsewhere'],
    ],
    load: async () => (await import('./ddl.ts')).generate,
  }),
  generator({
    name: 'jsonschema',
    describe: 'A JSON Schema for each topic, below generated/json-schema',
    options: JSON_SCHEMA_OPTIONS,
    examples: [['spindle generate jsonschema', 'for those who write or read the topics in other languages']],
    load: async () => (await import('./json-schema.ts')).generate,
  }),
  generator({
    name: 'docs',
    describe: 'A catalog of the data in Markdown, below docs/catalog',
    options: DOCS_OPTIONS,
    examples: [['spindle generate docs', 'a page for each group of assets, and an index with the graph']],
    tellsOfModels: true,
    load: async () => (await import('./docs.ts')).generate,
  }),
];
