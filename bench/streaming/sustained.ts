import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { BenchFigure } from '../figure.ts';
import type { StreamingBench } from '../streaming.ts';
import { figureOf } from './figures.ts';
import { readJourneys, type Journeys } from './journeys.ts';
import type { Environment, Measured } from './measured.ts';
import { ENVIRONMENT, LANDING, spindle, STREAM, TABLE, writeProject } from './project.ts';

/** The pipeline's rate follows the hour of the day: a little more is asked for than is to be had. */
const MORE = 1.05;
const MINUTE = 60_000;
/** Milliseconds until all is under way, and in which nothing is counted. */
const WARM_UP = 30_000;
/** Milliseconds between the end of one load into bronze and the start of the next. */
const PAUSE = 10_000;

/** A producer, a lander and, again and again, a load into bronze, for minutes: what arrived when is read from the warehouse and the lake, not from what the processes tell. */
export async function* sustained(bench: StreamingBench): AsyncIterable<BenchFigure> {
  const { root, rig, quick, rate } = bench;
  const lasting = (quick ? 1 : 5) * MINUTE;
  const project = await writeProject(root, join(root, '.spindle/bench/sustained'));
  const places = { ...bench, project };
  await rig.forgetTopic();
  const env = await rig.inBucket('sustained');
  await spindle(places, ['materialize', '--select', 'catalogue/*'], env).ended;

  // A stream with a rate begins with the minute that has begun: soon after its start there is little to catch up with.
  await delay(MINUTE - (Date.now() % MINUTE));
  const begin = Math.ceil(Date.now() / 1000) * 1000 + WARM_UP;
  const producer = spindle(places, ['stream', STREAM, '--json', '--rate', String(Math.round(rate * MORE))], env);
  const lander = spindle(places, ['stream', LANDING, '--json'], env);
  const loads = load(places, env, begin + lasting);
  await Promise.race([delay(begin + lasting - Date.now()), producer.ended, lander.ended]);
  producer.stop();
  const produced = await producer.ended;
  const slowest = await loads;
  lander.stop();
  const landed = await lander.ended;
  await spindle(places, ['materialize', '--select', TABLE], env).ended;

  const journeys = await readJourneys({
    database: join(project, '.spindle', ENVIRONMENT, 'warehouse.duckdb'),
    objects: await rig.objects('sustained'),
    begin,
    end: begin + lasting,
  });
  yield* figuresOf(journeys, { wanted: rate, sent: await rig.records(), slowest });
  yield* processFigures(journeys, { produced, landed });
}

/** Loads what is landed into bronze, until the time is over; gives the seconds that the slowest load took. */
async function load(places: Parameters<typeof spindle>[0], env: Environment, until: number): Promise<number> {
  let slowest = 0;
  while (Date.now() + PAUSE < until) {
    await delay(PAUSE);
    const { wall } = await spindle(places, ['materialize', '--select', TABLE], env).ended;
    slowest = Math.max(slowest, wall);
  }
  return slowest;
}

function* figuresOf(
  journeys: Journeys,
  { wanted, sent, slowest }: { readonly wanted: number; readonly sent: number; readonly slowest: number },
): Iterable<BenchFigure> {
  const { rate, toObject, toBronze, lag } = journeys;
  const way = 'producer to bronze';
  yield figureOf({ figure: `${way}: events a second, for ${journeys.seconds} s`, unit: '1/s', ours: rate, bar: { atLeast: wanted } });
  yield figureOf({ figure: `${way}: record to object, p50`, unit: 's', ours: toObject.p50 });
  yield figureOf({ figure: `${way}: record to object, p99`, unit: 's', ours: toObject.p99, bar: { atMost: 10 } });
  yield figureOf({ figure: `${way}: record to bronze, p99`, unit: 's', ours: toBronze.p99 });
  yield figureOf({ figure: `${way}: lag of landing, median of the first quarter`, unit: 'records', ours: lag.first });
  yield figureOf({
    figure: `${way}: what that grew by until the last quarter`,
    unit: 'records',
    ours: lag.last - lag.first,
    bar: { atMost: wanted }, // a second's worth
  });
  yield figureOf({
    figure: `${way}: records that bronze and the dead letters lack`,
    unit: 'records',
    ours: sent - journeys.distinct,
    bar: { atMost: 0 },
  });
  yield figureOf({
    figure: `${way}: records that they hold twice`,
    unit: 'records',
    ours: journeys.rows - journeys.distinct,
    bar: { atMost: 0 },
  });
  yield figureOf({ figure: `${way}: the slowest load`, unit: 's', ours: slowest });
}

function* processFigures(
  { rows }: Journeys,
  { produced, landed }: { readonly produced: Measured; readonly landed: Measured },
): Iterable<BenchFigure> {
  const unit = '1/s of CPU time';
  yield figureOf({ figure: 'spindle stream: events produced at the steady rate', unit, ours: rows / produced.cpu });
  yield figureOf({ figure: 'spindle stream: events landed at the steady rate', unit, ours: rows / landed.cpu });
  yield figureOf({ figure: 'spindle stream: peak memory of the lander', unit: 'MiB', ours: landed.memory, bar: { atMost: 300 } });
}
