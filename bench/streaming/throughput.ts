import { join } from 'node:path';
import type { BenchFigure } from '../figure.ts';
import type { StreamingBench } from '../streaming.ts';
import { writeEvents } from './event-file.ts';
import { comparison, figureOf } from './figures.ts';
import { measure, type Environment, type Measured } from './measured.ts';
import { assetOf, LANDING, spindle, STREAM, TOPIC } from './project.ts';

/** How much each side takes: enough that starting a process counts little. */
interface Size {
  readonly rounds: number;
  readonly events: number;
  /** Of Python at its better batch, and at its own. */
  readonly python: number;
  readonly pythonSmall: number;
  readonly pythonProduced: number;
}

const SIZE: Size = { rounds: 5, events: 2_000_000, python: 500_000, pythonSmall: 50_000, pythonProduced: 200_000 };
const QUICK: Size = { rounds: 2, events: 300_000, python: 100_000, pythonSmall: 10_000, pythonProduced: 50_000 };

const PYTHON = 'kafka-python 2.0.2 and boto3';
const BARE = 'a loop that parses, compresses and stores, on the same clients';
const UNIT = '1/s of CPU time';

/** What a side landed, per CPU-second of its process from start to end. */
interface Side {
  readonly rate: number;
  readonly bytesPerEvent: number;
  /** MiB. */
  readonly memory: number;
}

interface Round {
  readonly ours: Side;
  readonly bare: Side;
  readonly python: Side;
  readonly pythonSmall: Side;
}

/** Fills one topic, then has all sides land it in turn, each round in a bucket of its own. */
export async function* throughput(bench: StreamingBench): AsyncIterable<BenchFigure> {
  const size = bench.quick ? QUICK : SIZE;
  yield comparison({
    figure: 'events made, validated and produced',
    unit: UNIT,
    peerName: 'kafka-python 2.0.2, of events that are made already',
    pairs: [{ ours: await fill(bench, size.events), peer: await fillWithPython(bench, size.pythonProduced) }],
  });
  const rounds: Round[] = [];
  for (let round = 0; round < size.rounds; round++) {
    const env = await bench.rig.inBucket(`throughput-${round}`);
    rounds.push({
      ours: await landOurs(bench, env),
      bare: await landBare(bench, env),
      python: await landPython(bench, env, { batch: 1000, events: size.python }),
      pythonSmall: await landPython(bench, env, { batch: 10, events: size.pythonSmall }),
    });
    process.stderr.write(`Round ${round + 1} of ${size.rounds}.\n`);
  }
  const pairs = (peer: keyof Round, of: keyof Side = 'rate') => rounds.map((one) => ({ ours: one.ours[of], peer: one[peer][of] }));
  const landing = { figure: 'events landed, validated', unit: UNIT };
  yield comparison({ ...landing, peerName: `${PYTHON}, batch 1000`, pairs: pairs('python'), bar: { atLeast: 2 } });
  yield comparison({ ...landing, peerName: `${PYTHON}, batch 10`, pairs: pairs('pythonSmall'), bar: { atLeast: 15 } });
  yield comparison({ ...landing, peerName: BARE, pairs: pairs('bare'), bar: { atLeast: 0.7 } });
  yield comparison({
    figure: 'bytes stored for an event',
    unit: 'B',
    peerName: `${PYTHON}, batch 1000`,
    pairs: pairs('python', 'bytesPerEvent'),
    bar: { atMost: 0.35 },
  });
  yield figureOf({
    figure: `peak memory of landing a backlog of ${size.events} events`,
    unit: 'MiB',
    ours: Math.max(...rounds.map(({ ours }) => ours.memory)),
    bar: { atMost: 300 },
  });
}

/** Produces the topic that all sides land, of the pipeline's own generator: whole events alone, since the peers stop at a malformed one. Gives the rate. */
async function fill(bench: StreamingBench, events: number): Promise<number> {
  const env = await bench.rig.inBucket('fill');
  const settings = Object.entries({ events, malformed: 0 }).flatMap(([name, value]) => ['--config', `${STREAM}.${name}=${value}`]);
  await spindle(bench, ['materialize', '--select', 'catalogue/*'], env).ended;
  const measured = await spindle(bench, ['materialize', '--json', '--select', STREAM, ...settings], env).ended;
  return assetOf(measured, STREAM).rows / measured.cpu;
}

async function fillWithPython({ root, project, python, rig }: StreamingBench, events: number): Promise<number> {
  const topic = 'python';
  await rig.createTopic(topic);
  const [path, env] = [join(project, 'events.ndjson'), await rig.inBucket('python')];
  await writeEvents(path, events);
  const args = [python, join(root, 'bench/streaming/python/producer.py'), rig.brokers, topic, path] as const;
  const measured = await measure(python, { args, cwd: root, env }).ended;
  return (JSON.parse(measured.stdout) as { readonly events: number }).events / measured.cpu;
}

/** As a user lands a topic up to now. */
async function landOurs(bench: StreamingBench, env: Environment): Promise<Side> {
  const measured = await spindle(bench, ['materialize', '--force', '--json', '--select', LANDING], env).ended;
  const { rows, bytes } = assetOf(measured, LANDING);
  return sideOf(measured, { events: rows, bytes });
}

const landBare = ({ root, python }: StreamingBench, env: Environment): Promise<Side> =>
  landPeer(python, [process.execPath, join(root, 'bench/streaming/bare-loop.js'), TOPIC, 'bare'], { root, env });

const landPython = (
  { root, python, rig }: StreamingBench,
  env: Environment,
  { batch, events }: { readonly batch: number; readonly events: number },
): Promise<Side> =>
  landPeer(python, [python, join(root, 'bench/streaming/python/lander.py'), rig.brokers, TOPIC, String(batch), String(events)], {
    root,
    env,
  });

async function landPeer(
  python: string,
  args: readonly [string, ...string[]],
  { root, env }: { readonly root: string; readonly env: Environment },
): Promise<Side> {
  const measured = await measure(python, { args, cwd: root, env }).ended;
  return sideOf(measured, JSON.parse(measured.stdout) as { readonly events: number; readonly bytes: number });
}

const sideOf = ({ cpu, memory }: Measured, { events, bytes }: { readonly events: number; readonly bytes: number }): Side => ({
  rate: events / cpu,
  bytesPerEvent: bytes / events,
  memory,
});
