import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { ROOT } from '../../codegen/airflow/generate-scenario.ts';
import { fixture } from './fixture.ts';

/** Sets, for the tests of a file, what generated DAG files expect where they are parsed: the project's folder, and the modules of the callbacks that settings name. */
export function inProject(): void {
  const before = { ...process.env };
  beforeAll(() => {
    process.env['SPINDLE_PROJECT_DIR'] = join(ROOT);
    process.env['PYTHONPATH'] = fixture('modules');
  });
  afterAll(() => {
    for (const name of ['SPINDLE_PROJECT_DIR', 'PYTHONPATH']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}
