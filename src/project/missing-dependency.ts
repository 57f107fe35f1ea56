import { SpindleError } from '../runtime/errors.ts';
import { packageNameOf } from './specifier.ts';

/** An import of a package that is not installed. */
export interface MissingDependency {
  readonly specifier: string;
  /** What imports it, as the message shows it. */
  readonly importer: string;
}

/** One error for all of them, with the command that installs them. */
export function missingDependencies(missing: readonly MissingDependency[], cause?: unknown): SpindleError {
  const sentences = missing.map(({ specifier, importer }) => `"${specifier}", imported by ${importer}, is not installed.`);
  const packages = [...new Set(missing.map(({ specifier }) => packageNameOf(specifier)))].toSorted();
  const [first] = missing;
  return new SpindleError('DEPENDENCY_NOT_INSTALLED', sentences.length === 1 ? `${sentences[0]}` : 'Packages are not installed.', {
    ...(missing.length === 1 && first !== undefined && { field: first.specifier }),
    remedy: `Run: npm install ${packages.join(' ')}`,
    issues: sentences.length === 1 ? [] : sentences,
    cause,
  });
}
