import { parseArgs } from 'node:util';
import { seededRandom } from '../src/runtime/run/random.ts';
import { createCrew, LANDERS, ROLES } from '../test/services/streaming/kill/crew.ts';
import { finish } from '../test/services/streaming/kill/finish.ts';
import { MUTATIONS, type Mutation } from '../test/services/streaming/kill/project/mutations.ts';
import { pointsOf } from '../test/services/streaming/kill/points.ts';
import { openRig } from '../test/services/streaming/kill/rig.ts';
import { killsAt, storm } from '../test/services/streaming/kill/storm.ts';
import type { S3ServerName } from '../test/services/s3/install.ts';
import { rounded, type BenchFigure, type BenchOptions } from './figure.ts';

const SERVERS = ['versitygw', 'minio'] as const;
/** The producer works as long as the kills that are asked for need. */
const SECONDS_PER_KILL = 6;
/** The storm is over before the producer is. */
const STORM = 0.85;

interface Request {
  readonly server: S3ServerName;
  readonly events: number;
  readonly kills: number;
  readonly seed: number;
  readonly mutation: Mutation | undefined;
}

/**
 * A producer and three landers of one group, which stream from a real Kafka to a real S3 server while they are killed, stopped and cut off; then the topic
 * and the lake are read and counted by the clients themselves. Options: --server (both unless given), --events, --kills, --seed. Where something is wrong,
 * the folder with the logs of all processes is kept and named. With --mutation the processes are wrong on purpose, to show that it is noticed: that ends
 * with an error, and no result is kept.
 */
export async function* streamingKills({ args }: BenchOptions): AsyncIterable<BenchFigure> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: { type: 'string' },
      events: { type: 'string', default: '1000000' },
      kills: { type: 'string', default: '36' },
      seed: { type: 'string', default: '7' },
      mutation: { type: 'string' },
    },
  });
  const mutation = MUTATIONS.find((known) => known === values.mutation);
  if (mutation !== values.mutation) throw new RangeError(`--mutation is one of ${MUTATIONS.join(', ')}.`);
  const servers = SERVERS.filter((name) => values.server === undefined || name === values.server);
  if (servers.length === 0) throw new RangeError(`--server is one of ${SERVERS.join(', ')}.`);
  for (const server of servers)
    yield* killStream({ server, events: Number(values.events), kills: Number(values.kills), seed: Number(values.seed), mutation });
}

async function* killStream({ server, events, kills, seed, mutation }: Request): AsyncIterable<BenchFigure> {
  const started = performance.now();
  const random = seededRandom(seed, `streaming-kills ${server}`);
  const seconds = kills * SECONDS_PER_KILL;
  const rig = await openRig({ server, seed, events, pace: Math.ceil(events / seconds) });
  const crew = createCrew(rig, mutation);
  const scene = { rig, crew, random };
  let isRight = false;
  try {
    for (const role of ROLES) await crew.start(role);
    await crew.until('something is landed', () => LANDERS.some((role) => crew.flushed(role) > 0));
    const struck = await storm(scene, { milliseconds: seconds * 1_000 * STORM, kills });
    const stormed = performance.now();
    const { counted, ends } = await finish(scene);
    const { topic, landed, records, problems } = counted;
    const figure = (name: string, ours: number, more: Partial<BenchFigure> = {}) => figureOf(`${server}: ${name}`, ours, more);
    const none = (unit: string, ours: number) => ({ unit, bar: '== 0', holds: ours === 0 });
    const least = (unit: string, ours: number, bar: number) => ({ unit, bar: `>= ${bar}`, holds: ours >= bar });
    const atRandom = crew.kills.filter(({ hit }) => hit === undefined).length;
    const disorderly = [...crew.problems, ...ends.filter(({ code }) => code !== 0).map(({ role, code }) => `${role} ended with ${code}`)];
    const all = [...problems, ...disorderly];
    for (const problem of all) process.stderr.write(`${server}: ${problem}\n`);

    yield figure('seed of the choices', seed);
    yield figure('events', events - topic.missing, least('events', events - topic.missing, events));
    yield figure('records of others in the topic', topic.foreign, { unit: 'records' });
    yield figure('kills at random moments', atRandom, least('kills', atRandom, kills));
    for (const point of [...pointsOf('producer'), ...pointsOf('lander-1')])
      yield figure(`kills ${point}`, killsAt(crew, point), least('kills', killsAt(crew, point), 1));
    yield figure('zombies', struck.zombies, least('zombies', struck.zombies, 2));
    yield figure('restarts of the broker', struck.brokerRestarts, least('restarts', struck.brokerRestarts, 1));
    yield figure('restarts of the object store', struck.storeRestarts, least('restarts', struck.storeRestarts, 1));
    yield figure('cuts of the network', struck.cuts, least('cuts', struck.cuts, 2));
    yield figure('objects', landed.objects, { unit: 'objects' });
    yield figure('events missing in the topic', topic.missing, none('events', topic.missing));
    yield figure('events more than once in the topic', topic.duplicated, none('events', topic.duplicated));
    yield figure('offsets in no object', landed.missing, none('records', landed.missing));
    yield figure('offsets in more than one object', landed.duplicated, none('records', landed.duplicated));
    yield figure('dead letters expected', landed.deadExpected, { unit: 'records' });
    yield figure('dead letters found', landed.deadFound, {
      unit: 'records',
      bar: `== ${landed.deadExpected}`,
      holds: landed.deadFound === landed.deadExpected && landed.misjudged === 0,
    });
    yield figure('other problems', all.length, none('problems', all.length));
    yield figure('records counted', records, { unit: 'records' });
    yield figure('time until all was landed and counted, behind the storm', rounded((performance.now() - stormed) / 1000), { unit: 's' });
    yield figure('time', rounded((performance.now() - started) / 1000), { unit: 's' });
    isRight = all.length === 0;
    // No result: it would take the place of a real one.
    if (mutation !== undefined) throw new Error(`The mutation ${mutation} was ${isRight ? 'not ' : ''}noticed.`);
  } finally {
    await crew.close();
    await rig.close({ keep: !isRight });
    if (!isRight) process.stderr.write(`${server}: the logs are in ${rig.folder}/logs\n`);
  }
}

function figureOf(name: string, ours: number, more: Partial<BenchFigure>): BenchFigure {
  const none = { unit: '', ours, peer: null, peerName: null, ratio: null, bar: null, holds: null };
  return { bench: 'streaming-kills', figure: name, ...none, ...more };
}
