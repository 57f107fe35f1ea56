/** dbt projects in the asset graph. */
export { dbtProject, type DbtProjectSpec } from './project.ts';
