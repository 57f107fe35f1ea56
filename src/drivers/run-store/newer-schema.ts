import { SpindleError } from '../../runtime/errors.ts';

/** RUN_STORE_VERSION where a run store has migrations that this version of Spindle does not know. `store` is its place, for people. */
export function refuseNewer(version: number, { known, store }: { readonly known: number; readonly store: string }): void {
  if (version <= known) return;
  throw new SpindleError(
    'RUN_STORE_VERSION',
    `the run store ${store} has schema version ${version}, but this version of Spindle knows versions up to ${known}`,
    { remedy: 'Use the version of Spindle that wrote it, or a newer one.' },
  );
}
