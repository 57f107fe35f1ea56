import { join } from 'node:path';

/** The committed files of all scenarios; `vitest -u` writes them. */
export const GOLDEN = join(import.meta.dirname, 'golden');

/** Where the file of a scenario is kept, which is generated at the path. */
export const goldenOf = (scenario: string, path: string): string => join(GOLDEN, scenario, path.replace(/^airflow\//, ''));
