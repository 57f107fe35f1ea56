import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DbtGraph } from './graph.ts';
import { printManifest, trimManifest, type Manifest } from './manifest.ts';
import { hashProjectFiles } from './project-files.ts';
import { graphOf } from './read-manifest.ts';

/** What is committed of a dbt project's manifest. */
export interface CommittedProject {
  /** Undefined where none was committed yet. */
  readonly graph: DbtGraph | undefined;
  /** True where the project's files are no longer those it was made from. */
  readonly stale: boolean;
}

const manifestPath = (dir: string): string => join(dir, 'manifest.json');

/** Reads `manifest.json` of the dbt project in `dir` and compares it with the project's files; starts no Python. */
export async function readCommittedProject(dir: string): Promise<CommittedProject> {
  const manifest = await readCommittedManifest(dir);
  if (manifest === undefined) return { graph: undefined, stale: true };
  return { graph: graphOf(manifest), stale: manifest.files !== (await hashProjectFiles(dir)) };
}

/** The same without the comparison, which reads every file of the project: undefined where none was committed yet. */
export async function readCommittedGraph(dir: string): Promise<DbtGraph | undefined> {
  const manifest = await readCommittedManifest(dir);
  return manifest && graphOf(manifest);
}

async function readCommittedManifest(dir: string): Promise<Manifest | undefined> {
  const text = await readFile(manifestPath(dir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : trimManifest(JSON.parse(text));
}

/** The dbt project in `dir`: from its committed `manifest.json` where that is up to date, else from `parse`, which has dbt read it, after which the file is renewed. */
export async function parseProject(dir: string, parse: (dir: string) => Promise<unknown>): Promise<DbtGraph> {
  const committed = await readCommittedProject(dir);
  if (committed.graph !== undefined && !committed.stale) return committed.graph;
  const files = await hashProjectFiles(dir); // before dbt reads them: a later edit must show
  const manifest = trimManifest(await parse(dir), files);
  const temporary = `${manifestPath(dir)}.${process.pid}`;
  await writeFile(temporary, printManifest(manifest));
  await rename(temporary, manifestPath(dir));
  return graphOf(manifest);
}
