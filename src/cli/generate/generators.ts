import type { GeneratedFile } from '../../codegen/generated-file.ts';
import type { Session } from '../session.ts';
import type { AirflowArguments } from './airflow-options.ts';

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

/** Makes the files, and reads and writes none. */
export type Generate = (session: Session, args: AirflowArguments) => Generated | Promise<Generated>;

export interface GeneratorEntry {
  readonly name: string;
  readonly describe: string;
  readonly load: () => Promise<Generate>;
}

/** Every generator, in the order in which `--help` shows them. */
export const GENERATORS: readonly GeneratorEntry[] = [
  { name: 'airflow', describe: 'a DAG for each job', load: async () => (await import('./airflow.ts')).generate },
];
