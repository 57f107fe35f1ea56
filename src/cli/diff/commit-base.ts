import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cacheFolder } from '../../project/cache-folder.ts';
import { isSpindleError, SpindleError } from '../../runtime/errors.ts';
import { schemaFingerprint } from '../../runtime/schema/evolution/wire-json-schema.ts';
import { openSession } from '../session.ts';
import type { Base } from './base.ts';
import { declaredModels } from './declared-models.ts';
import { declaredTopics } from './declared-schemas.ts';
import { declaredTables } from './declared-tables.ts';
import { checkOut, findCommit, type Commit, type GitScope } from './git.ts';

export interface CommitRequest extends GitScope {
  /** As it was typed. */
  readonly name: string;
  readonly cwd: string;
  /** `--project`, if it was given. */
  readonly project: string | undefined;
}

/** What nobody removed, since the process that made it was ended at once. */
const LEFT_BEHIND = 24 * 60 * 60 * 1000;

/** The project as it is at a commit, with the packages that are installed now; undefined where git knows no commit of that name. */
export async function commitBase(request: CommitRequest): Promise<Base | undefined> {
  const commit = await findCommit(request.name, request);
  if (commit === undefined) return undefined;
  const folder = freshFolder(request.root);
  try {
    await checkOut(commit, folder, request);
    const { graph, project } = await openAt(folder, commit, request);
    const all = new Set(graph.keys);
    const topics = declaredTopics(graph, all).map(({ topic, schema }) => {
      const base = { schema, fingerprint: schemaFingerprint(schema), version: null, project: project.name };
      return [topic, base] as const;
    });
    return {
      against: { kind: 'commit', name: request.name, commit: commit.id },
      topics: new Map(topics),
      tables: new Map(declaredTables(graph, all).map((table) => [table.name, table])),
      models: new Map((await declaredModels(graph, all)).map((model) => [model.asset, model])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the project's cache: what is imported from there finds the packages of the project. */
function freshFolder(root: string): string {
  const trees = join(cacheFolder(root), 'trees');
  mkdirSync(trees, { recursive: true });
  for (const name of readdirSync(trees)) {
    const { mtimeMs } = statSync(join(trees, name), { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
    if (Date.now() - mtimeMs > LEFT_BEHIND) rmSync(join(trees, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(trees, 'tree-'));
}

async function openAt(folder: string, { top, prefix }: Commit, { name, cwd, project }: CommitRequest) {
  // git names its folders without links
  const path = join(folder, project === undefined ? prefix : relative(top, realpathSync(resolve(cwd, project))));
  try {
    return await openSession(folder, path);
  } catch (error) {
    if (!isSpindleError(error)) throw error;
    throw new SpindleError(error.code, `The project as it is at ${name} cannot be read: ${error.message}`, {
      ...(error.remedy !== undefined && { remedy: error.remedy }),
      issues: error.issues,
      cause: error,
    });
  }
}
