import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../codegen/airflow/generate-scenario.ts';
import { GOLDEN } from '../../codegen/airflow/golden.ts';
import { ruff } from '../generated-python/tools.ts';

describe.each([
  ['the scenarios', GOLDEN],
  ['this repository', join(ROOT, 'airflow')],
])('the DAG files of %s', (_, folder) => {
  it('are what ruff makes of them, with its default settings', async () => {
    expect(await ruff(folder, 'format', '--no-cache', '--diff')).toBe('');
  });

  it('break no rule of ruff, by default', async () => {
    expect(await ruff(folder, 'check', '--no-cache')).toBe('');
  });
});
