import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformerContract } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { openDbtTransformer } from '../../src/drivers/transformer/dbt.ts';
import { dir as ownProject, root } from './dbt-project.ts';

const MODELS = {
  good: 'select 1 as n',
  next: "select n + 1 as n from {{ ref('good') }}",
  broken: 'select no_such_column from (select 1 as n)',
  behind: "select * from {{ ref('broken') }}",
};

const open = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spindle-dbt-contract-'));
  const dir = join(directory, 'project');
  mkdirSync(join(dir, 'models'), { recursive: true });
  const settings = { name: 'small', profile: 'spotify', models: { small: { '+materialized': 'table' } } };
  writeFileSync(join(dir, 'dbt_project.yml'), JSON.stringify(settings)); // JSON is YAML
  writeFileSync(join(dir, 'profiles.yml'), readFileSync(join(ownProject, 'profiles.yml')));
  for (const [name, sql] of Object.entries(MODELS)) writeFileSync(join(dir, 'models', `${name}.sql`), sql);
  const value = openDbtTransformer({ root, python: undefined, directory: join(directory, 'dbt'), notify: () => {}, faults: () => {} });
  const node = (name: string) => ({ name: `small.${name}`, id: `model.small.${name}` });
  const fixture = {
    dir,
    target: { dialect: 'duckdb', path: join(directory, 'small.duckdb'), memoryLimit: '256MB' },
    good: node('good'),
    next: node('next'),
    broken: node('broken'),
    behind: node('behind'),
  } as const;
  const close = async () => {
    await value.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { value, fixture, close };
};

describe('dbt', () => {
  transformerContract({ describe, it, expect }, { open });
});
