import { join } from 'node:path';
import { SpindleError } from '../../../runtime/errors.ts';
import { checkObjectKey } from '../object-key.ts';

const SIDECARS = '.meta';
const TEMPORARY = '.tmp';

/** Where things lie under the store's folder: bodies at their keys' paths, sidecars in a hidden tree of the same shape. */
export interface Layout {
  readonly root: string;
  readonly sidecars: string;
  readonly temporary: string;
  body(key: string): string;
  sidecar(key: string): string;
}

export function createLayout(root: string): Layout {
  const sidecars = join(root, SIDECARS);
  function check(key: string): void {
    checkObjectKey(key);
    const [first] = key.split('/');
    if (first !== SIDECARS && first !== TEMPORARY) return;
    throw new SpindleError('VALUE_INVALID', `'${key}' is no key for this store: it keeps its own files under ${SIDECARS} and ${TEMPORARY}`);
  }
  return {
    root,
    sidecars,
    temporary: join(root, TEMPORARY),
    body(key) {
      check(key);
      return join(root, key);
    },
    sidecar(key) {
      check(key);
      return join(sidecars, `${key}.json`);
    },
  };
}
