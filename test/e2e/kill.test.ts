import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_POINTS, type FaultPoint } from '../../src/runtime/resource/faults.ts';
import { seededRandom } from '../../src/runtime/run/random.ts';
import { account } from './kill/account.ts';
import { makeCatalogue } from './kill/records.ts';
import { runPipeline, type Rig, type RunEnd, type RunRequest } from './kill/pipeline-run.ts';

/** Everything up to bronze: what comes before dbt. */
const INGEST = '+bronze/*';
const FIRST = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

/** A replay has tests of its own: test/cli/dead-letters. */
type RunFault = Exclude<FaultPoint, `replay.${string}`>;

/** What each point is hit by: the n-th hit of a run of this selection (all where there is none). */
const KILLS: Readonly<Record<RunFault, { readonly hit?: number; readonly select?: string }>> = {
  'produce.before-append': { hit: 3, select: INGEST },
  'produce.torn-append': { hit: 2, select: INGEST },
  'produce.after-append': { hit: 3, select: INGEST },
  'land.before-put': { hit: 2, select: INGEST },
  'land.torn-put': { hit: 2, select: INGEST },
  'land.after-put': { select: INGEST },
  'land.after-commit': { hit: 3, select: INGEST },
  'load.before-transaction': { select: INGEST },
  'load.after-insert': { select: INGEST },
  'load.before-commit': { select: INGEST },
  'load.after-commit': { select: INGEST },
  'record.before-append': { hit: 9, select: INGEST },
  'record.after-append': { hit: 60 }, // in the midst of dbt's models and tests
  'transform.before-build': {},
  'transform.first-model': {},
  'transform.after-build': {},
};

const FULL_DISK = [
  { point: 'produce.torn-append', place: 'appending to' },
  { point: 'land.torn-put', place: 'writing object' },
  { point: 'load.after-insert', place: 'writing to the warehouse' },
  { point: 'record.before-append', place: 'writing the run store' },
] as const;

interface Summary {
  readonly status: string;
  readonly assets: readonly { readonly asset: string; readonly result: string }[];
}

const summaryOf = ({ output }: RunEnd): Summary => JSON.parse(output) as Summary;

describe('a pipeline that is killed', () => {
  let rig: Rig;
  let catalogue: Awaited<ReturnType<typeof makeCatalogue>>;
  let hours = 0;
  const now = () => new Date(FIRST + hours * HOUR).toISOString();
  const run = (request: Omit<RunRequest, 'now'> = {}) => runPipeline(rig, { now: now(), ...request });
  /** Runs the pipeline to its end, and counts. */
  const finish = async (select?: string): Promise<RunEnd> => {
    const end = await run(select === undefined ? {} : { select });
    expect(end, end.errors).toMatchObject({ code: 0 });
    const counted = await account(rig, { first: new Date(FIRST).toISOString(), last: now(), catalogue, models: select === undefined });
    expect(counted).toMatchObject({ problems: [], missing: 0, duplicated: 0 });
    expect(counted.records).toBeGreaterThan(0);
    return end;
  };

  beforeAll(async () => {
    catalogue = await makeCatalogue();
    const root = fileURLToPath(new URL('../..', import.meta.url));
    rig = { root, state: await mkdtemp(join(tmpdir(), 'spindle-kill-')), events: 2_400, span: '1d' };
  });
  afterAll(() => rm(rig.state, { recursive: true, force: true }));

  for (const point of FAULT_POINTS.filter((known): known is RunFault => !known.startsWith('replay.'))) {
    const { hit = 1, select } = KILLS[point];
    it(`at ${point} loses nothing and doubles nothing`, async () => {
      const selection = select !== undefined && { select };
      expect(await run({ fault: `${point}@${hit}`, ...selection })).toMatchObject({ signal: 'SIGKILL', hit: `${point}@${hit}` });
      await finish(select);
      hours += 2;
    });
  }

  it('at any moment loses nothing and doubles nothing, and a run without new data materializes nothing', async () => {
    const random = seededRandom(7, 'kill');
    let { milliseconds } = await finish();
    for (let kill = 0; kill < 3; kill++) {
      hours += 2;
      const end = await run({ killAfter: 200 + random() * milliseconds });
      if (end.signal === null) expect(summaryOf(end).status).toBe('succeeded'); // it was faster this time
      ({ milliseconds } = await finish());
    }
    const { status, assets } = summaryOf(await run());
    expect(status).toBe('succeeded');
    expect(assets.length).toBeGreaterThan(15);
    expect(assets.filter(({ result }) => result !== 'fresh')).toEqual([]);
  });

  for (const { point, place } of FULL_DISK) {
    it(`goes on after a disk that was full at ${point}`, async () => {
      hours += 2;
      const end = await run({ fault: `${point}@2:enospc`, select: INGEST });
      expect(end).toMatchObject({ code: 1, hit: `${point}@2` });
      expect(`${end.output}${end.errors}`).toMatch(new RegExp(`DISK_FULL[^]*no space left on the disk while ${place}`));
      await finish(INGEST);
    });
  }

  it('and started twice at once tells the second who is at work, or lets it wait', async () => {
    hours += 2;
    const ends = await Promise.all([run({ select: INGEST }), run({ select: INGEST })]);
    expect(ends.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
    for (const { code, output, errors } of ends) if (code !== 0) expect(`${output}${errors}`).toContain('BROKER_LOCKED');
    await finish();
  });
});
