import { expect } from 'vitest';
import { temporaryProject, type TemporaryProject } from '../../project/temporary-project.ts';
import { PLAYS } from '../plays-project.ts';
import { runCommand } from '../run-command.ts';

export const NOW = '2026-01-03T12:00:00.000Z';

/** The project of plays, nothing materialized. */
export function playsProject(): TemporaryProject {
  return temporaryProject({ 'src/project.ts': PLAYS });
}

/** The same with its unpartitioned assets materialized: four plays of three songs. */
export async function storedPlays(): Promise<TemporaryProject> {
  const project = playsProject();
  const { exit, stdout, stderr } = await runCommand(project.root, ['materialize', '-s', 'not gold/days', '--now', NOW]);
  expect(exit, stdout + stderr).toBe(0);
  return project;
}
