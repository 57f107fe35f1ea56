import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifPresent } from '../../disk/file-error.ts';

const SUFFIX = '.json';

/**
 * The keys that sidecars stand for, in ascending byte order, one folder in memory at a time. Folders sort with their slash:
 * `a-b` comes before `a/c`, though `a` comes before `a-b`.
 */
export async function* walkKeys(
  root: string,
  span: { readonly prefix: string; readonly after: string },
  folder = '',
): AsyncGenerator<string> {
  const { prefix, after } = span;
  const entries = (await ifPresent(readdir(join(root, folder), { withFileTypes: true }))) ?? [];
  const names = entries.map((entry) => folder + (entry.isDirectory() ? `${entry.name}/` : entry.name.slice(0, -SUFFIX.length)));
  // JavaScript compares UTF-16 units, which for ASCII keys is byte order
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    if (!name.endsWith('/')) {
      if (name > after && name.startsWith(prefix)) yield name;
    } else if ((name.startsWith(prefix) || prefix.startsWith(name)) && (name > after || after.startsWith(name))) {
      yield* walkKeys(root, span, name);
    }
  }
}
