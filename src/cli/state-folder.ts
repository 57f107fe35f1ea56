import { resolve } from 'node:path';

/** Where the local drivers of every environment write: `.spindle` of the project, or the folder that SPINDLE_STATE names. Python and the cache stay in `.spindle`. */
export function stateFolder(root: string, env: Readonly<Record<string, string | undefined>>): string {
  return resolve(root, env['SPINDLE_STATE'] || '.spindle');
}
