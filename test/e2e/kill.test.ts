import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { account } from './kill/account.ts';
import { runPipeline } from './kill/pipeline-run.ts';
it('tries', async () => {
  const state = await mkdtemp(join(tmpdir(), 'spindle-kill-'));
  const rig = { root: process.env['RIG'] ?? process.cwd(), state, events: 2400, span: '1d' };
  const now = '2026-03-01T12:00:00Z';
  const e = await runPipeline(rig, { now, select: '+bronze/*' });
  console.log(e.code, e.milliseconds, e.errors.slice(0, 3000), e.output.slice(-300));
  let t = performance.now();
  console.log(await account(rig, { first: now, last: now, models: false }), performance.now() - t);
  const f = await runPipeline(rig, { now });
  console.log(f.code, f.milliseconds, f.errors.slice(0, 3000));
  console.log(await account(rig, { first: now, last: now, models: true }));
  expect(1).toBe(1);
});
