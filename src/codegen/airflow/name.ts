import { createHash } from 'node:crypto';

/** As long as Airflow lets an id be, with room for what is added to it. */
const LONGEST = 200;

/** The id of a DAG: of project and job, with letters, digits, `-`, `.` and `_` alone. */
export const dagIdOf = (project: string, job: string): string => shortened(`${plain(project)}__${plain(job)}`);

/** The id of an asset's task: `bronze__plays` for `bronze/plays`. */
export const taskIdOf = (key: string): string => shortened(key.replaceAll('/', '__'));

/** What Airflow calls an asset: the project and the key. ASCII, as Airflow wants it. */
export const assetNameOf = (project: string, key: string): string => shortened(`${encodeURIComponent(project)}/${key}`, 1_000);

/** Where Airflow's asset says it is. The scheme is Spindle's own, so that Airflow leaves the rest as it is. */
export const assetUriOf = (project: string, key: string): string => `spindle://${assetNameOf(project, key)}`;

/** A name as a part of an id: what Airflow refuses becomes `_`. */
export const plain = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/^[.-]+/g, '_') || '_';

/** A long id is cut, and told from another one by its digest. */
function shortened(id: string, longest = LONGEST): string {
  if (id.length <= longest) return id;
  return `${id.slice(0, longest - 13)}_${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;
}
