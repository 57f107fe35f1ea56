import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { examineNode } from '../../../src/cli/doctor/node-version.ts';
import { currentProcess, formatIdentity } from '../../../src/drivers/disk/process-identity.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const PROJECT = `
import { defineProject } from 'spindle';
import { z } from 'zod';
const lake = { variables: z.object({ LAKE_SECRET: z.string() }), open: async () => ({}) };
export const project = defineProject({ name: 'temporary', assets: [], environments: { local: {}, production: { lake } } });
`;

async function findings(root: string): Promise<{ readonly exit: number; readonly byCheck: Readonly<Record<string, Finding>> }> {
  const { exit, stdout } = await runCommand(root, ['doctor', '--json']);
  const list = JSON.parse(stdout) as Finding[];
  return { exit, byCheck: Object.fromEntries(list.map((finding) => [finding.check, finding])) };
}

describe('spindle doctor', () => {
  it('finds nothing wrong with a project that needs nothing, and warns of what other environments lack', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const { exit, byCheck } = await findings(root);
    expect(exit).toBe(0);
    expect(byCheck).toMatchObject({
      Node: { status: 'ok' },
      project: { status: 'ok' },
      'state folder': { status: 'ok' },
      locks: { status: 'ok' },
    });
    expect(byCheck['environment local']).toMatchObject({ status: 'ok' });
    expect(byCheck['environment production']).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('LAKE_SECRET (lake) is missing'),
    });
  });

  it('goes on where the project does not load, and ends with 1', async () => {
    const { root } = temporaryProject({ 'src/project.ts': 'export const size = ;' });
    const { exit, byCheck } = await findings(root);
    expect(exit).toBe(1);
    expect(byCheck).toMatchObject({
      Node: { status: 'ok' },
      project: { status: 'fail', message: expect.stringContaining('src/project.ts:1:') },
    });
  });

  it('names a live process that holds a lock, and none that ended', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const folder = join(root, '.spindle/local/broker');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `broker.lock+${formatIdentity({ ...currentProcess(), started: '1' })}`), '');
    expect((await findings(root)).byCheck['locks']).toMatchObject({ status: 'ok' });
    writeFileSync(join(folder, `broker.lock+${formatIdentity(currentProcess())}`), '');
    expect((await findings(root)).byCheck['locks']).toMatchObject({
      status: 'warn',
      message: expect.stringContaining(`.spindle/local/broker/broker is held by process ${process.pid}`),
    });
  });

  it('finds the dbt manifest of this project up to date', async () => {
    const { byCheck } = await findings(join(import.meta.dirname, '../../..'));
    expect(byCheck['dbt manifest']).toEqual({ check: 'dbt manifest', status: 'ok', message: 'dbt/manifest.json is up to date' });
    expect(byCheck['dbt']?.status).toMatch(/ok|warn/);
  });

  it('refuses a Node that is too old', () => {
    expect(examineNode('20.18.3')).toMatchObject({ status: 'fail', remedy: expect.stringContaining('20.19') });
    expect(['20.19.0', '22.1.0', '24.0.0'].map((version) => examineNode(version).status)).toEqual(['ok', 'ok', 'ok']);
  });
});
