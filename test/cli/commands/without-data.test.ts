import { describe, expect, it } from 'vitest';
import { temporaryProject } from '../../project/temporary-project.ts';
import { runCommand } from '../run-command.ts';

const PROJECT = `
import { asset, defineProject, partitions, table } from 'spindle';
import { duckDb, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
const Event = z.object({ id: z.int(), at: z.iso.datetime() });
const events = asset('p/events', { store: table('p.events', Event, { key: ['id'], partitionBy: 'at' }) }).run(() => []);
const days = asset('p/days', { deps: { events }, partitions: partitions.daily({ start: '2026-01-01' }) }).run(() => 1);
export const project = defineProject({
  name: 'temporary',
  assets: [events, days],
  environments: { local: { warehouse: duckDb(), runStore: sqliteRunStore() } },
});
`;

describe('an asset none of whose partitions has data', () => {
  it('is told so by materialize, plan and explain', async () => {
    const { root } = temporaryProject({ 'src/project.ts': PROJECT });
    const say = async (...args: string[]) => {
      const { stdout, stderr } = await runCommand(root, args);
      return stdout + stderr;
    };
    expect(await say('materialize', '-s', 'p/days')).toMatch(/^p\/days +nothing to do +no partition has data$/m);
    expect(await say('plan', '-s', 'p/days')).toMatch(/^p\/days +nothing +no partition has data$/m);
    expect(await say('explain', 'p/days')).toContain(
      'p/days was never materialized, and no partition has data. It runs if p/events changes.',
    );
  });
});
