/** Code generators. So far: the tables of a project as SQL. */
export { tableDdl } from './ddl/table-ddl.ts';
