import fc from 'fast-check';
import type { RunEvent } from '../../../src/runtime/run/event.ts';

const place = fc.record({
  run: fc.constantFrom('r1', 'r2'),
  asset: fc.constantFrom('a', 'b'),
  partition: fc.constantFrom(undefined, 'p1', 'p2'),
  part: fc.constantFrom(undefined, undefined, 't1', 't2'),
});
const at = '2024-01-01T00:00:00.000Z';

/** Runs of a few assets and partitions in any order of events. */
export const anyEvent: fc.Arbitrary<RunEvent> = fc
  .record({
    place,
    kind: fc.constantFrom(
      'started',
      'finished',
      'materialized',
      'observed',
      'failed',
      'skipped',
      'check',
      'log',
      'fired',
      'added',
      'removed',
    ),
    n: fc.nat(99),
  })
  .map(({ place: { run: id, asset, partition, part }, kind, n }): RunEvent => {
    const run = { run: id, ...(part !== undefined && { part }) };
    const here = { ...run, at, asset, ...(partition !== undefined && { partition }) };
    switch (kind) {
      case 'started':
        return { type: 'run.started', ...run, at, project: 'music', environment: 'local', selection: '*', seed: n, steps: n };
      case 'finished':
        return { type: 'run.finished', ...run, at, status: n % 2 === 0 ? 'succeeded' : 'failed', milliseconds: n };
      case 'materialized':
        return {
          type: 'asset.materialized',
          ...here,
          version: `v${n}`,
          codeVersion: 'c',
          configVersion: 'f',
          inputs: {},
          milliseconds: n,
          metadata: {},
        };
      case 'observed':
        return { type: 'asset.observed', ...here, version: `v${n}` };
      case 'failed':
        return {
          type: 'step.failed',
          ...here,
          attempt: 1,
          error: { code: 'ASSET_FAILED', message: String(n), transient: false },
          milliseconds: n,
        };
      case 'skipped':
        return { type: 'step.skipped', ...here, cause: 'fresh', reason: String(n) };
      case 'check': {
        const passed = n % 2 === 0;
        return {
          type: 'check.finished',
          ...here,
          check: `c${n % 3}`,
          passed,
          blocking: true,
          severity: 'error',
          version: null,
          milliseconds: n,
          metadata: {},
        };
      }
      case 'fired':
        return { type: 'automation.fired', ...run, at, subject: n % 2 === 0 ? asset : 'job:nightly', why: String(n) };
      case 'added':
      case 'removed':
        return { type: `partitions.${kind}`, ...run, at, name: asset, keys: [`k${n % 5}`, `k${n % 3}`] };
      default:
        return { type: 'log', ...here, message: String(n) };
    }
  });
