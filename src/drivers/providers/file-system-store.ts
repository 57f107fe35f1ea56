import { join } from 'node:path';
import type { ObjectStore } from '../../runtime/resource/object-store.ts';
import type { Provider } from '../../runtime/resource/resource.ts';

/** An object store in plain files under the environment's folder. */
export function fileSystemStore(): Provider<ObjectStore> {
  return {
    embedded: 'shared',
    async open({ directory, faults }) {
      const { openFileSystemStore } = await import('../object-store/file-system.ts');
      return openFileSystemStore({ directory: join(directory, 'lake'), faults });
    },
  };
}
