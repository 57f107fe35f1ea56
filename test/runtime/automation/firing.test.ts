import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asset, eager, value, type RunEvent } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { SpindleError } from '../../../src/runtime/errors.ts';
import { buildGraph } from '../../../src/runtime/graph/graph.ts';
import { runSelection } from '../../../src/runtime/run/run-selection.ts';
import { startRun } from '../../../src/runtime/run/start-run.ts';
import { stillClock } from '../../../src/runtime/run/system-clock.ts';

const plays = asset('plays', { store: value(z.number()), automation: eager() }).run(() => 1);
const firing = { at: '2026-01-05T09:59:59.000Z', subject: 'plays', why: 'it is stale', causes: { '': 'c' }, seen: {} };

async function run(open: (name: string) => Promise<unknown>, asked?: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  const context = await startRun({
    run: 'r1',
    graph: buildGraph({ assets: [plays.definition], checks: [], jobs: [] }),
    selection: ['plays'],
    resources: { open },
    clock: stillClock('2026-01-05T10:00:00Z'),
    signal: new AbortController().signal,
    ...(asked !== undefined && { asked: () => asked }),
    listen: (event) => void events.push(event),
  });
  await runSelection(context, { project: 'p', environment: 'e', selection: 'plays', fired: [firing] }, () => false).catch(() => {});
  return events;
}

describe('the run that answers a condition', () => {
  it('records what fired at the instant at which it was evaluated, before its first step', async () => {
    const { lake } = ephemeral().resources;
    const events = await run(async () => lake);
    expect(events.map(({ type }) => type)).toEqual([
      'run.started',
      'automation.fired',
      'step.started',
      'asset.materialized',
      'run.finished',
    ]);
    expect(events[1]).toEqual({ type: 'automation.fired', run: 'r1', ...firing });
  });

  it('records nothing of it where a store cannot be asked: the condition fires again', async () => {
    const events = await run(() => Promise.reject(new SpindleError('WAREHOUSE_LOCKED', 'no')));
    expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.finished']);
    expect(events[1]).toMatchObject({ status: 'failed' });
  });
});
