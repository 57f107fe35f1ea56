import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const PROJECT = `
import { asset, defineProject, partitions } from 'spindle';
const plays = asset('bronze/plays', { group: 'bronze', description: 'What was played' }).run(() => 1);
const daily = asset('gold/daily', { deps: { plays }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 2);
export const project = defineProject({ name: 'temporary', assets: [daily, plays], environments: { local: {} } });
`;

describe('spindle list', () => {
  it('shows key, kind, group, partitions and description, in the order of a run', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const { exit, stdout } = await runCommand(root, ['list']);
    expect({ exit, lines: stdout.trimEnd().split('\n') }).toEqual({
      exit: 0,
      lines: [
        'asset         kind    group   partitions  description',
        'bronze/plays  memory  bronze              What was played',
        'gold/daily    memory          daily',
      ],
    });
  });

  it('selects, prints JSON, and suggests where a selection names nothing', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const { stdout } = await runCommand('/', ['list', '--json', '-s', 'group:bronze', '--project', root]);
    expect(JSON.parse(stdout)).toEqual([
      { key: 'bronze/plays', kind: 'memory', group: 'bronze', partitions: null, automation: null, description: 'What was played' },
    ]);
    const { exit, stderr } = await runCommand(root, ['list', '-s', 'bronze/pláys']);
    expect(stderr).toContain('Did you mean bronze/plays?');
    expect(exit).toBe(2);
  });
});

describe('selecting by status', () => {
  const KEPT = `
import { asset, defineProject, table } from 'spindle';
import { duckDb, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Row = z.object({ id: z.int() });
const kept = asset('kept', { store: table('bronze.kept', Row, { key: ['id'] }) }).run(() => [{ id: 1 }]);
const wrong = asset('wrong', { deps: { kept } }).run(() => { throw new Error('wrong'); });
const local = { warehouse: duckDb(), runStore: sqliteRunStore() };
export const project = defineProject({ name: 'temporary', assets: [kept, wrong], environments: { local, other: local } });
`;

  it('answers stale, missing and failed from the record of an environment', async () => {
    const { root } = temporaryProject({ 'src/project.ts': KEPT });
    const list = async (...args: string[]) => {
      const { stdout, stderr } = await runCommand(root, ['list', '--json', '-s', ...args]);
      return (JSON.parse(stdout || stderr) as readonly { key: string }[]).map(({ key }) => key);
    };
    expect(await list('stale and kept')).toEqual(['kept']);
    await runCommand(root, ['materialize']);
    expect(await list('stale and kept')).toEqual([]);
    expect(await list('missing and kept', '--env', 'other')).toEqual(['kept']);
    expect(await list('failed')).toEqual(['wrong']);
    expect((await runCommand(root, ['graph', '-s', 'failed'])).stdout).toContain('wrong');
    expect((await runCommand(root, ['list', '-s', 'stale and kept'])).stdout).toBe('No asset answers to "stale and kept" now.\n');
    expect(await runCommand(root, ['list', '--env', 'othr'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('ENVIRONMENT_UNKNOWN'),
    });
  });
});

describe('spindle graph', () => {
  it('draws each format, and a part of the graph', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const draw = async (...options: string[]) => (await runCommand(root, ['graph', ...options])).stdout;
    expect(await draw()).toMatch(/gold\/daily.*← bronze\/plays/);
    expect(await draw('--format', 'mermaid')).toMatch(/^(---|graph|flowchart)/);
    expect(await draw('--format', 'dot')).toMatch(/^digraph/);
    expect(JSON.parse(await draw('--json'))).toMatchObject({ dependencies: [{ from: 'bronze/plays', to: 'gold/daily' }] });
    expect(await draw('-s', 'gold/daily')).not.toContain('bronze/plays');
  });

  it('writes a file where it is told to', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const { exit, stdout, stderr } = await runCommand(root, ['graph', '--format', 'svg', '-o', 'graph.svg']);
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: '', stderr: 'Wrote graph.svg.\n' });
    expect(readFileSync(join(root, 'graph.svg'), 'utf8')).toMatch(/^<svg/);
  });
});
