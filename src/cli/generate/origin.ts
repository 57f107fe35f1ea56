import { posix, relative, sep } from 'node:path';
import type { Origin } from '../../codegen/generated-file.ts';
import type { OpenProject } from '../session.ts';
import { callOf } from './call.ts';

/** What the files of a generator say of themselves: as it was called, but for what says only where the project is or which of the files to make. */
export function originOf(
  { root, entry, project }: OpenProject,
  generator: string,
  args: { readonly out?: string | undefined } = {},
): Origin {
  return {
    generator,
    project: project.name,
    edit: relative(root, entry).split(sep).join('/'),
    command: callOf(generator, { out: args.out === undefined ? undefined : outFolder(args.out, '') }, ['out']),
  };
}

/** The folder of `--out`, or the generator's own, as a path of the project with forward slashes. */
export const outFolder = (out: string | undefined, otherwise: string): string => posix.normalize(out ?? otherwise).replace(/\/$/, '');
