import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SpindleError } from '../runtime/errors.ts';

/** Where a project is: `root` holds package.json and `.spindle`, `entry` is the module that exports the project. Both absolute. */
export interface ProjectLocation {
  readonly root: string;
  readonly entry: string;
}

const REMEDY =
  'Name the project\'s module with --project <file or folder>, or add "spindle": { "project": "src/project.ts" } to the package.json of this folder or of one above it.';

/** Finds the project: at `path` (a file, or a folder whose package.json names one), else by the nearest package.json above `cwd` that names one. */
export function findProject(cwd: string, path?: string): ProjectLocation {
  return path === undefined ? findAbove(cwd) : findAt(resolve(cwd, path), path);
}

function findAbove(cwd: string): ProjectLocation {
  for (const folder of foldersAbove(cwd)) {
    const entry = declaredEntry(folder);
    if (entry !== undefined) return locate(folder, entry);
  }
  throw new SpindleError('PROJECT_NOT_FOUND', `No Spindle project in ${cwd} or in a folder above it.`, { remedy: REMEDY });
}

function findAt(absolute: string, path: string): ProjectLocation {
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (stat === undefined) throw new SpindleError('PROJECT_NOT_FOUND', `There is no ${path}.`, { field: '--project', remedy: REMEDY });
  if (!stat.isDirectory()) {
    const folder = dirname(absolute);
    const root = foldersAbove(folder).find((candidate) => existsSync(join(candidate, 'package.json'))) ?? folder;
    return { root, entry: absolute };
  }
  const entry = declaredEntry(absolute);
  if (entry !== undefined) return locate(absolute, entry);
  throw new SpindleError('PROJECT_NOT_FOUND', `${path} has no package.json that names a Spindle project.`, {
    field: '--project',
    remedy: REMEDY,
  });
}

function locate(root: string, declared: string): ProjectLocation {
  const entry = resolve(root, declared);
  if (existsSync(entry)) return { root, entry };
  throw new SpindleError('PROJECT_NOT_FOUND', `${join(root, 'package.json')} names the project "${declared}", which does not exist.`, {
    field: 'spindle.project',
    remedy: 'Correct the path: it is relative to the package.json.',
  });
}

function declaredEntry(folder: string): string | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const declared = parseManifest(file)['spindle'];
  if (declared === undefined) return undefined;
  if (typeof declared === 'object' && declared !== null && 'project' in declared && typeof declared.project === 'string') {
    return declared.project;
  }
  throw new SpindleError('PROJECT_INVALID', `"spindle" in ${file} has no "project".`, {
    field: 'spindle.project',
    remedy: 'Write "spindle": { "project": "src/project.ts" }.',
  });
}

function parseManifest(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw new SpindleError('PROJECT_INVALID', `${file} is not JSON.`, { remedy: 'Correct the file.', cause });
  }
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
