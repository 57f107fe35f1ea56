import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAULT_POINTS } from '../src/runtime/resource/faults.ts';
import { seededRandom } from '../src/runtime/run/random.ts';
import { account, type Account } from '../test/e2e/kill/account.ts';
import { runPipeline, type Rig, type RunEnd, type RunRequest } from '../test/e2e/kill/pipeline-run.ts';
import { makeCatalogue } from '../test/e2e/kill/records.ts';
import { rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const FIRST = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
/** Everything up to bronze: what comes before dbt. */
const INGEST = '+bronze/*';
const MOMENT = 'at any moment';
/** Of this many hits of a point any may be the one. */
const HITS = 8;
/** Parts of the kills: at a named point, not before dbt, of a run that recovers from the kill before. */
const NAMED = 0.6;
const WHOLE = 0.35;
const RECOVERING = 0.25;
/** Every so many rounds the clock jumps so far that the generators send several batches. */
const JUMP = { rounds: 30, hours: 5 * 24 };

/**
 * Kills runs of the pipeline by SIGKILL, at named points and at random moments, while its data grow; after each recovery everything is counted from
 * the generators' sequences to gold. Options: --kills, --seed. It stops at the first count that is wrong, and keeps that state folder.
 */
export async function* kills({ root, args }: BenchOptions): AsyncIterable<BenchFigure> {
  const { values } = parseArgs({
    args: [...args],
    options: { kills: { type: 'string', default: '200' }, seed: { type: 'string', default: '7' } },
  });
  const wanted = Number(values.kills);
  const seed = Number(values.seed);
  const started = performance.now();
  const done = await killOften(root, wanted, seed);
  const seconds = (performance.now() - started) / 1000;
  const { counted, byPoint } = done;
  const total = [...byPoint.values()].reduce((sum, count) => sum + count, 0);

  yield figure('seed of the choices', seed);
  yield figure('kills', total, { unit: 'kills', bar: `>= ${wanted}`, holds: total >= wanted });
  for (const point of [...FAULT_POINTS, MOMENT])
    yield figure(`kills ${point}`, byPoint.get(point) ?? 0, { unit: 'kills', bar: '>= 1', holds: byPoint.has(point) });
  yield figure('kills of a run that was recovering', done.recovering, { unit: 'kills' });
  yield figure('counts', done.counts, { unit: 'counts' });
  yield figure('records at the last count', counted.records, { unit: 'records' });
  yield figure('missing, at all counts', counted.missing, { unit: 'records', bar: '== 0', holds: counted.missing === 0 });
  yield figure('duplicated, at all counts', counted.duplicated, { unit: 'records', bar: '== 0', holds: counted.duplicated === 0 });
  yield figure('other problems, at all counts', counted.problems.length, {
    unit: 'problems',
    bar: '== 0',
    holds: counted.problems.length === 0,
  });
  yield figure('time of one kill, recovery and count', rounded(seconds / Math.max(total, 1)), { unit: 's' });
}

interface Killed {
  readonly byPoint: ReadonlyMap<string, number>;
  readonly recovering: number;
  readonly counts: number;
  /** The last one, or the first that is wrong. */
  readonly counted: Account;
}

async function killOften(root: string, wanted: number, seed: number): Promise<Killed> {
  const random = seededRandom(seed, 'kills');
  const rig: Rig = { root, state: await mkdtemp(join(tmpdir(), 'spindle-kills-')), events: 6_000, span: '5d' };
  const catalogue = await makeCatalogue();
  const byPoint = new Map<string, number>();
  let hours = 0;
  let recovering = 0;
  let counts = 0;
  let killed = 0;
  const now = () => new Date(FIRST + hours * HOUR).toISOString();
  /** How long the last run of the selection took: what random moments are drawn from. */
  const lasted = new Map<string, number>();
  const recover = async (select: string | undefined): Promise<Account> => {
    const end = await runPipeline(rig, request(now(), select));
    lasted.set(select ?? '', end.milliseconds);
    if (end.code !== 0) throw new Error(`The run after a kill failed, in ${rig.state}: ${end.output}\n${end.errors}`);
    counts++;
    return account(rig, { first: new Date(FIRST).toISOString(), last: now(), catalogue, models: select === undefined });
  };

  for (let round = 1; killed < wanted; round++) {
    const { point, select, fault, killAfter } = choose(random, lasted);
    const end = await runPipeline(rig, {
      ...request(now(), select),
      ...(fault !== undefined && { fault }),
      ...(killAfter !== undefined && { killAfter }),
    });
    checkEnd(end, rig);
    if (end.signal === 'SIGKILL') {
      killed++;
      byPoint.set(point, (byPoint.get(point) ?? 0) + 1);
      process.stderr.write(
        `${killed}/${wanted} killed ${end.hit ?? `after ${Math.round(end.milliseconds)} ms`}${select === undefined ? '' : ' before dbt'}\n`,
      );
      if (random() < RECOVERING && killed < wanted) {
        recovering++;
        continue;
      }
    }
    const counted = await recover(killed === wanted ? undefined : select);
    if (counted.missing + counted.duplicated + counted.problems.length > 0) {
      process.stderr.write(`${rig.state}: ${counted.problems.join('\n')}\n`);
      return { byPoint, recovering, counts, counted };
    }
    hours += round % JUMP.rounds === 0 ? JUMP.hours : 1;
    if (killed < wanted) continue;
    await rm(rig.state, { recursive: true, force: true });
    return { byPoint, recovering, counts, counted };
  }
  throw new RangeError('--kills must be at least 1.');
}

const request = (now: string, select: string | undefined): RunRequest => ({ now, ...(select !== undefined && { select }) });

interface Choice {
  readonly point: string;
  readonly select: string | undefined;
  readonly fault?: string;
  readonly killAfter?: number;
}

function choose(random: () => number, lasted: ReadonlyMap<string, number>): Choice {
  const whole = random() < WHOLE ? undefined : INGEST;
  if (random() >= NAMED) return { point: MOMENT, select: whole, killAfter: random() * (lasted.get(whole ?? '') ?? 5_000) };
  const point = FAULT_POINTS[Math.floor(random() * FAULT_POINTS.length)] ?? FAULT_POINTS[0];
  const transforms = point.startsWith('transform.');
  const hit = transforms || point.startsWith('load.') ? 1 : 1 + Math.floor(random() * HITS);
  return { point, select: transforms ? undefined : whole, fault: `${point}@${hit}` };
}

/** A run that was not killed met fewer hits than were asked for, or ended before its moment came. */
function checkEnd({ code, signal, output, errors }: RunEnd, { state }: Rig): void {
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`A run that was not killed failed, in ${state}: ${output}\n${errors}`);
}

function figure(name: string, ours: number, more: Partial<BenchFigure> = {}): BenchFigure {
  return { bench: 'kills', figure: name, unit: '', ours, peer: null, peerName: null, ratio: null, bar: null, holds: null, ...more };
}
