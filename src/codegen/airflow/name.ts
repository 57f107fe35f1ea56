import { createHash } from 'node:crypto';
import { wellFormed } from '../seal.ts';

/** As long as Airflow lets an id be, with room for what is added to it. */
const LONGEST = 200;

/** The id of a DAG: of project and job, with letters, digits, `-`, `.` and `_` alone. */
export const dagIdOf = (project: string, job: string): string => shortened(`${plain(project)}__${plain(job)}`);

/** The id of an asset's task: `bronze__plays` for `bronze/plays`. */
export const taskIdOf = (key: string): string => shortened(key.replaceAll('/', '__'));

/** The id of a task group, which has no dots. Shorter than that of a task: it may be numbered. */
export const groupIdOf = (group: string): string => shortened(plain(group).replaceAll('.', '_'), 160);

/** As long as Airflow lets a tag be. */
export const LONGEST_TAG = 100;

/** The project as a tag of its DAGs. */
export const tagOf = (project: string): string => shortened(plain(project), LONGEST_TAG);

/** A text for people, as Airflow's database takes it: Postgres keeps neither a NUL nor half a character. */
export const readable = (text: string): string => wellFormed(text).replaceAll('\0', '\uFFFD');

/** What Airflow calls an asset: the project and the key. ASCII, as Airflow wants it. */
export const assetNameOf = (project: string, key: string): string => `${encodeURIComponent(wellFormed(project))}/${key}`;

/** As long as Airflow lets the URI of an asset be. */
export const LONGEST_URI = 1_500;

/** As long as Airflow lets a partition key be. */
export const LONGEST_PARTITION_KEY = 250;

/** Where Airflow's asset says it is. The scheme is Spindle's own, so that Airflow leaves the rest as it is. */
export const assetUriOf = (project: string, key: string): string => `spindle://${assetNameOf(project, key)}`;

/** A name as a part of an id: what Airflow refuses becomes `_`. */
export const plain = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/^[.-]+/g, '_') || '_';

/** A long id is cut, and told from another one by its digest. */
function shortened(id: string, longest = LONGEST): string {
  if (id.length <= longest) return id;
  return `${id.slice(0, longest - 13)}_${createHash('sha256').update(id).digest('hex').slice(0, 12)}`;
}
