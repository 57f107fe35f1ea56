import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformerContract } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { openDbtTransformer } from '../../src/drivers/transformer/dbt.ts';
import { root } from './dbt-project.ts';
import { writeSmallDbtProject } from './small-dbt-project.ts';

const open = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spindle-dbt-contract-'));
  const project = writeSmallDbtProject(join(directory, 'project'));
  const value = openDbtTransformer({ root, python: undefined, directory: join(directory, 'dbt'), notify: () => {}, faults: () => {} });
  const target = { dialect: 'duckdb', path: join(directory, 'small.duckdb'), memoryLimit: '256MB' } as const;
  const close = async () => {
    await value.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { value, fixture: { ...project, target }, close };
};

describe('dbt', () => {
  transformerContract({ describe, it, expect }, { open });
});
