import { createHash } from 'node:crypto';

/** The id of the run that a DAG run is: the same for each of its tasks, whatever machine they run on. A UUID of version 8. */
export function runIdOf(dag: string, run: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([dag, run]))
    .digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
