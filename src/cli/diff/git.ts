import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { SpindleError } from '../../runtime/errors.ts';

/** A commit of the repository that a project lies in. */
export interface Commit {
  /** Its whole name. */
  readonly id: string;
  /** The repository's top folder, absolute. */
  readonly top: string;
  /** The project's folder in it, with forward slashes; empty where that is the top. */
  readonly prefix: string;
}

export interface GitScope {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The commit that git knows by the name; undefined where it knows none, the project lies in no repository, or there is no git. */
export async function findCommit(name: string, scope: GitScope): Promise<Commit | undefined> {
  const [id, top, prefix] = await Promise.all([
    git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], scope),
    git(['rev-parse', '--show-toplevel'], scope),
    git(['rev-parse', '--show-prefix'], scope),
  ]);
  return id === undefined || top === undefined || prefix === undefined ? undefined : { id, top, prefix: prefix.replace(/\/$/, '') };
}

/** Puts the files of the commit into an empty folder. Neither the working copy nor its index is touched. */
export async function checkOut({ id, top }: Commit, folder: string, { env }: GitScope): Promise<void> {
  const scope = { root: top, env: { ...env, GIT_INDEX_FILE: join(folder, '.index') } };
  const isRead = (await git(['read-tree', id], scope, false)) !== undefined;
  const isOut = isRead && (await git(['checkout-index', '--all', '--quiet', `--prefix=${folder}/`], scope, false)) !== undefined;
  if (isOut) return;
  throw new SpindleError('USAGE', `git could not write the files of the commit ${id} to ${folder}.`, {
    field: '--against',
    remedy: `Look with: git -C ${top} fsck`,
  });
}

/** What a hook of git is told of its repository is not about this call. */
const OF_HOOKS = new Set(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_PREFIX', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY']);

function git(args: readonly string[], { root, env }: GitScope, fresh = true): Promise<string | undefined> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !OF_HOOKS.has(name) || (!fresh && name === 'GIT_INDEX_FILE')));
  return new Promise((resolve) => {
    execFile('git', ['-C', root, ...args], { env: kept, encoding: 'utf8', maxBuffer: 1 << 26 }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
