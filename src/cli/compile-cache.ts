import * as module from 'node:module';

/** Node 22.8 and newer keep compiled code between processes; older ones have nothing of the kind. */
export function enableCompileCache(): void {
  if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache();
}
