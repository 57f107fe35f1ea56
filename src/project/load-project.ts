import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from '../runtime/declare/project.ts';
import { isSpindleError, SpindleError } from '../runtime/errors.ts';
import { readCachedBundle, writeCachedBundle, type CachedBundle } from './bundle-cache.ts';
import type { ProjectLocation } from './find-project.ts';
import { missingDependencies } from './missing-dependency.ts';
import { readOwnPackage } from './own-package.ts';
import { isPackageSpecifier } from './specifier.ts';

type Namespace = Readonly<Record<string, unknown>>;

/** A module of the project as it was evaluated. */
export interface LoadedModule {
  /** Absolute. */
  readonly path: string;
  readonly exports: Namespace;
}

export interface LoadedProject extends ProjectLocation {
  readonly project: Project;
  readonly modules: readonly LoadedModule[];
  readonly bundle: CachedBundle;
}

/** Bundles the project unless its cached bundle is up to date, imports it, and returns what it exports as `project` or by default. */
export async function loadProject(location: ProjectLocation): Promise<LoadedProject> {
  const bundle = await upToDateBundle(location);
  const namespaces = await evaluate(bundle, location);
  const modules = bundle.modules.map((path, index) => ({ path, exports: (namespaces[`module${index}`] ?? {}) as Namespace }));
  return { ...location, project: projectOf(namespaces['entry'] as Namespace, location), modules, bundle };
}

async function upToDateBundle(location: ProjectLocation): Promise<CachedBundle> {
  const own = readOwnPackage();
  const cached = readCachedBundle(location, own);
  if (cached !== undefined) return cached;
  // The bundler is loaded only where something changed.
  const { bundleProject } = await import('./bundle-project.ts');
  return writeCachedBundle(location, own, await bundleProject(location, own));
}

async function evaluate(bundle: CachedBundle, { root }: ProjectLocation): Promise<Namespace> {
  try {
    return (await import(pathToFileURL(bundle.path).href)) as Namespace;
  } catch (error) {
    if (isSpindleError(error)) throw error;
    throw missingPackage(error, root) ?? evaluationError(error);
  }
}

function missingPackage(error: unknown, root: string): SpindleError | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, specifier, importer] = /Cannot find package '(.+?)' imported from (.+)$/m.exec(error.message) ?? [];
  if (specifier === undefined || importer === undefined || !isPackageSpecifier(specifier)) return undefined;
  return missingDependencies([{ specifier, importer: relative(root, importer) }], error);
}

/** Keeps of the stack what lies in the project: the frames of Node and of packages help nobody here. */
function evaluationError(error: unknown): SpindleError {
  const summary = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const frames = ((error instanceof Error && error.stack) || '')
    .split('\n')
    .filter((line) => /^\s+at .*[\\/]/.test(line) && !/node:|[\\/]node_modules[\\/]|[\\/]\.spindle[\\/]cache/.test(line));
  return new SpindleError('PROJECT_INVALID', `The project fails when it is loaded: ${summary}`, {
    remedy: 'Correct the line that throws.',
    issues: frames.map((line) => line.trim()),
    cause: error,
  });
}

function projectOf(namespace: Namespace, { root, entry }: ProjectLocation): Project {
  const candidate = namespace['project'] ?? namespace['default'];
  if (isProject(candidate)) return candidate;
  const found = Object.entries(namespace).map(([name, value]) => `${name} (${kindOf(value)})`);
  throw new SpindleError(
    'PROJECT_INVALID',
    `${relative(root, entry)} exports no project; it exports ${found.length === 0 ? 'nothing' : found.join(', ')}.`,
    { remedy: 'Write: export const project = defineProject({ … });' },
  );
}

function kindOf(value: unknown): string {
  if (isProject(value)) return 'a project';
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function isProject(value: unknown): value is Project {
  if (typeof value !== 'object' || value === null) return false;
  const { name, assets, dbt, checks, jobs, environments } = value as Partial<Project>;
  return typeof name === 'string' && [assets, dbt, checks, jobs].every(Array.isArray) && typeof environments === 'object';
}
