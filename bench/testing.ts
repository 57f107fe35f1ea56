import { z } from 'zod';
import { asset } from '../src/runtime/declare/asset.ts';
import { check } from '../src/runtime/declare/check.ts';
import { partitions } from '../src/runtime/partitions/definition.ts';
import { given } from '../src/runtime/run/fixture.ts';
import { materialize } from '../src/runtime/run/materialize.ts';
import { table } from '../src/runtime/store/table.ts';
import { value } from '../src/runtime/store/value.ts';
import { ephemeral } from '../src/testing/ephemeral.ts';
import { median, rounded, type BenchFigure } from './figure.ts';

const TESTS = 1_000;
const WARM_UP = 50;
const MOST = 5;

const Play = z.object({ day: z.iso.date(), song: z.string(), ms: z.int().min(0), liked: z.boolean().optional(), at: z.iso.datetime() });
const Count = z.object({ day: z.iso.date(), song: z.string(), plays: z.int() });
const daily = partitions.daily({ start: '2025-12-01' });
const row = { day: '2025-12-31', song: 'a', ms: 1, at: '2025-12-31T10:00:00Z' };
const rows = Array.from({ length: 5 }, (_, ms) => ({ ...row, ms }));

const songs = asset('songs', { store: value(z.array(z.string())) }).run(() => ['a']);
const size = asset('size', { store: value(z.int()), deps: { songs } }).run(({ songs }) => songs.length);
const plays = asset('plays', { store: table('x.plays', Play) }).run(() => []);
const counts = asset('counts', { store: table('x.counts', Count), deps: { plays } }).run(async ({ plays }) => countOf(await plays.all()));
const dailyPlays = asset('daily_plays', { store: table('x.daily_plays', Play, { partitionBy: 'day' }), partitions: daily }).run(() => []);
const dailyCounts = asset('daily_counts', {
  store: table('x.daily_counts', Count, { partitionBy: 'day' }),
  deps: { dailyPlays },
  partitions: daily,
}).run(async ({ dailyPlays }) => countOf(await dailyPlays.all()));
const positive = check(size, 'is positive', { blocking: true }).run((n) => ({ passed: n > 0 }));

function countOf(plays: readonly { readonly day: string; readonly song: string }[]) {
  return plays.length === 0 ? [] : [{ day: plays[0]!.day, song: 'a', plays: plays.length }];
}

/** What each test does, and what it checks: the tests that a project consists of. */
const CASES: Readonly<Record<string, () => Promise<boolean>>> = {
  'an asset with a value': async () => {
    const run = await materialize([size], { ...ephemeral(), given: [given(songs, ['a', 'b'])] });
    return (await run.output(size)) === 2;
  },
  'a table with given rows': async () => {
    const run = await materialize([counts], { ...ephemeral(), given: [given(plays, rows)] });
    return (await (await run.output(counts)).all())[0]?.plays === 5;
  },
  'one partition of a table': async () => {
    const run = await materialize([dailyCounts], { ...ephemeral(), partition: '2025-12-31', given: [given(dailyPlays, rows)] });
    return (await (await run.output(dailyCounts)).all())[0]?.plays === 5;
  },
  'an asset with a check': async () => {
    const run = await materialize([size], { ...ephemeral(), given: [given(songs, ['a', 'b'])], checks: [positive] });
    return run.ok && (await run.output(size)) === 2;
  },
};

/** What a test of one asset takes, in milliseconds: each of a thousand with resources of its own. */
export async function* testing(): AsyncIterable<BenchFigure> {
  for (const [name, test] of Object.entries(CASES)) {
    const times: number[] = [];
    for (let round = -WARM_UP; round < TESTS; round++) {
      const start = performance.now();
      const passed = await test();
      if (!passed) throw new Error(`The test of ${name} did not pass.`);
      if (round >= 0) times.push(performance.now() - start);
    }
    const high = times.toSorted((a, b) => a - b)[Math.ceil(TESTS * 0.99) - 1] ?? Number.NaN;
    yield figure(`${name}: median of a test`, median(times));
    yield figure(`${name}: 99th percentile of a test`, high);
  }
}

function figure(name: string, milliseconds: number): BenchFigure {
  return {
    bench: 'testing',
    figure: name,
    unit: 'ms',
    ours: rounded(milliseconds),
    peer: null,
    peerName: null,
    ratio: null,
    bar: `<= ${MOST}`,
    holds: milliseconds <= MOST,
  };
}
