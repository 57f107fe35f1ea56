import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dir as ownProject } from './dbt-project.ts';

const MODELS = {
  good: 'select 1 as n',
  next: "select n + 1 as n from {{ ref('good') }}",
  broken: 'select no_such_column from (select 1 as n) as one',
  behind: "select * from {{ ref('broken') }}",
};

/** What the contract of transformers asks of a project. */
export interface SmallDbtProject {
  readonly dir: string;
  readonly good: { readonly name: string; readonly id: string };
  readonly next: { readonly name: string; readonly id: string };
  readonly broken: { readonly name: string; readonly id: string };
  readonly behind: { readonly name: string; readonly id: string };
}

/** Writes a dbt project of four models, with the profile of the repository's own. */
export function writeSmallDbtProject(dir: string): SmallDbtProject {
  mkdirSync(join(dir, 'models'), { recursive: true });
  const settings = { name: 'small', profile: 'spotify', models: { small: { '+materialized': 'table' } } };
  writeFileSync(join(dir, 'dbt_project.yml'), JSON.stringify(settings)); // JSON is YAML
  writeFileSync(join(dir, 'profiles.yml'), readFileSync(join(ownProject, 'profiles.yml')));
  for (const [name, sql] of Object.entries(MODELS)) writeFileSync(join(dir, 'models', `${name}.sql`), sql);
  const node = (name: keyof typeof MODELS) => ({ name: `small.${name}`, id: `model.small.${name}` });
  return { dir, good: node('good'), next: node('next'), broken: node('broken'), behind: node('behind') };
}
