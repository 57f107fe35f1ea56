import { expect, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { ROOT } from './generate-scenario.ts';

it('the committed files of this repository are those of its project, and no others are there', async () => {
  const { exit, stdout } = await runCommand(ROOT, ['generate', 'airflow', '--check']);
  expect(stdout).toMatch(/^\d+ files are as generated\.\n$/);
  expect(exit).toBe(0);
});
