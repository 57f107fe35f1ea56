import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSpindleError, SpindleError } from '../runtime/errors.ts';
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
  return text === undefined ? undefined : trimManifest(parsed(text, manifestPath(dir)));
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SpindleError('DBT_FAILED', `${path} is not JSON.`, { remedy: 'Run `spindle plan`: it has dbt write it anew.', cause });
  }
}

/**
 * The dbt project in `dir`: from its committed `manifest.json` where that is up to date, else from `parse`, which has dbt read it, after which the
 * file is renewed. Processes may do so at the same time: the file is always a whole one.
 */
export async function parseProject(dir: string, parse: (dir: string) => Promise<unknown>): Promise<DbtGraph> {
  const files = await hashProjectFiles(dir); // before dbt reads them: a later edit must show
  const committed = await readCommittedManifest(dir).catch(unreadable);
  if (committed !== undefined && committed.files === files) return graphOf(committed);
  const manifest = await withLargeSeeds(dir, trimManifest(await parse(dir), files));
  const temporary = `${manifestPath(dir)}.${randomUUID()}`;
  await writeFile(temporary, printManifest(manifest));
  await rename(temporary, manifestPath(dir));
  return graphOf(manifest);
}

/** What a merge left behind, or another version of Spindle, is made anew as if it were missing. */
function unreadable(error: unknown): undefined {
  if (isSpindleError(error) && error.code === 'DBT_FAILED') return undefined;
  throw error;
}

/** Of a seed beyond a megabyte dbt hashes the path alone. */
async function withLargeSeeds(dir: string, manifest: Manifest): Promise<Manifest> {
  const nodes = await Promise.all(
    Object.entries(manifest.nodes).map(async ([id, node]) => {
      if (node.resource_type !== 'seed' || node.checksum.name !== 'path' || node.fqn[0] !== manifest.metadata.project_name)
        return [id, node] as const;
      const checksum = createHash('sha256')
        .update(await readFile(join(dir, node.original_file_path)))
        .digest('hex');
      return [id, { ...node, checksum: { name: 'sha256', checksum } }] as const;
    }),
  );
  return { ...manifest, nodes: Object.fromEntries(nodes) };
}
