import { project as spotify } from '../../../../src/assets/project.ts';

/** The pipeline of this repository. */
export const project = { ...spotify, airflow: { ...spotify.airflow, dbt: 'cosmos' } } as const;
