import { SpindleError } from '../runtime/errors.ts';
import type { RunStore } from '../runtime/resource/run-store.ts';
import type { Pipeline } from './pipeline.ts';

/** The run store of the environment; RESOURCE_MISSING where it has none. */
export async function requireRunStore(pipeline: Pipeline): Promise<RunStore> {
  const store = await pipeline.runStore();
  if (store !== undefined) return store;
  throw new SpindleError(
    'RESOURCE_MISSING',
    `The environment "${pipeline.environment.name}" has no runStore: nothing is recorded of its runs.`,
    { field: 'runStore', remedy: 'Give it one in the project’s environments, or choose another environment with --env.' },
  );
}
