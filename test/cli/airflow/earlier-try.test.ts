import { describe, expect, it } from 'vitest';
import { refuseHopelessTry } from '../../../src/cli/airflow/earlier-try.ts';
import { runIdOf } from '../../../src/cli/airflow/run-id.ts';
import { createMemoryRunStore } from '../../../src/drivers/run-store/memory.ts';
import type { ErrorCode } from '../../../src/runtime/errors.ts';
import type { ExternalTask, RunEvent } from '../../../src/runtime/run/event.ts';

const base = { run: 'r', at: '2026-01-01T00:00:00.000Z', part: 'load' };
const tryOf = (number: number, maxTries = 3): ExternalTask => ({
  system: 'airflow',
  dag: 'd',
  run: 'one',
  task: 'load',
  try: number,
  maxTries,
});
const started = (number: number): RunEvent => ({
  type: 'run.started',
  ...base,
  project: 'p',
  environment: 'e',
  selection: '*',
  seed: 0,
  steps: 1,
  external: tryOf(number),
});
const failed = (transient: boolean, code: ErrorCode = 'ASSET_FAILED'): RunEvent => ({
  type: 'step.failed',
  ...base,
  asset: 'a',
  attempt: 1,
  milliseconds: 1,
  error: { code, message: 'no', transient },
});
const ended = (status: 'failed' | 'canceled' | 'succeeded', died?: true): RunEvent => ({
  type: 'run.finished',
  ...base,
  status,
  milliseconds: 1,
  ...(died && { died }),
});

/** Whether a try is let in after these events. */
async function isTried(events: readonly RunEvent[], task = tryOf(2)): Promise<boolean> {
  const store = createMemoryRunStore();
  await store.append(events);
  try {
    await refuseHopelessTry(store, 'r', task);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'EARLIER_TRY_FAILED', issues: [expect.stringContaining('a: error[ASSET_FAILED] no')] });
    return false;
  }
}

describe('a further try', () => {
  it('is refused after one whose every failure was for good, and after those that were refused for it', async () => {
    const log = [started(1), failed(false), ended('failed')];
    expect([await isTried(log), await isTried(log, tryOf(3))]).toEqual([false, false]);
  });

  it('is let in where the task was cleared, is another one, or begins anew', async () => {
    const log = [started(1), failed(false), ended('failed')];
    expect(await isTried(log, tryOf(2, 5))).toBe(true);
    expect(await isTried(log, { ...tryOf(2), mapIndex: 0 })).toBe(true);
    expect(await isTried(log, tryOf(1))).toBe(true);
    expect(await isTried([])).toBe(true);
  });

  it('is let in after what may go better the next time', async () => {
    expect(await isTried([started(1), failed(false), failed(true), ended('failed')])).toBe(true);
    expect(await isTried([started(1), failed(false, 'STEP_TIMEOUT'), ended('failed')])).toBe(true);
    expect(await isTried([started(1), failed(false), ended('canceled')])).toBe(true);
    expect(await isTried([started(1), failed(false), ended('failed', true)])).toBe(true);
    expect(await isTried([started(1), failed(false)])).toBe(true);
    expect(await isTried([started(1), ended('failed')])).toBe(true); // a check, or a resource that does not open
  });

  it('goes by the last try that was recorded', async () => {
    const log = [started(1), failed(false), ended('failed'), started(2), failed(true), ended('failed')];
    expect(await isTried(log, tryOf(3))).toBe(true);
    const other: readonly RunEvent[] = [started(1), failed(true), ended('failed'), started(2), failed(false), ended('failed')];
    expect(await isTried(other, tryOf(3))).toBe(false);
  });
});

describe('the run of a DAG run', () => {
  it('has an id that follows from both names, and is a UUID', () => {
    expect(runIdOf('music', 'scheduled__2026-01-01')).toBe(runIdOf('music', 'scheduled__2026-01-01'));
    const ids = [runIdOf('a', 'bc'), runIdOf('ab', 'c'), runIdOf('a"', 'b'), runIdOf('a', '"b')];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
