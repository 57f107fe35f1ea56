import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findProject } from '../../project/find-project.ts';
import { SpindleError } from '../../runtime/errors.ts';
import type { CommandContext } from '../command.ts';
import type { Base } from './base.ts';
import { readSchemaFile } from './schema-file.ts';

/** What `--against` names: a file that `--write` made, else a commit. USAGE where it is neither. */
export async function readBase(
  against: string,
  project: string | undefined,
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
): Promise<Base> {
  if (statSync(resolve(cwd, against), { throwIfNoEntry: false })?.isFile() === true) return readSchemaFile({ cwd, path: against });
  const { commitBase } = await import('./commit-base.ts');
  const base = await commitBase({ name: against, cwd, project, env, root: findProject(cwd, project).root });
  if (base !== undefined) return base;
  throw new SpindleError('USAGE', `There is no file ${against}, and git knows no commit of that name.`, {
    field: '--against',
    remedy:
      'Name a branch, a tag or a commit (HEAD~1), or a file that is written where the schemas are as they are deployed: spindle diff --write <file>',
  });
}
