import { join } from 'node:path';

/** Where bundles and code versions are kept: everything in it can be made again. */
export function cacheFolder(root: string): string {
  return join(root, '.spindle', 'cache');
}
