import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/runtime/run/random.ts';
import { createCrew, LANDERS, ROLES, type Role } from './kill/crew.ts';
import { topicEnds } from './kill/ends.ts';
import { finish } from './kill/finish.ts';
import { pointsOf } from './kill/points.ts';
import { poison } from './kill/poison.ts';
import { openRig } from './kill/rig.ts';
import {
  killAt,
  killHeld,
  killTwoLanders,
  killUnanswered,
  pick,
  restartBroker,
  restartStore,
  weather,
  zombieAt,
  type Scene,
} from './kill/strikes.ts';

/** The short form of `npm run bench -- streaming-kills`: every kind of strike once. Another seed chooses other moments, processes and orders. */
const SEED = Number(process.env['SPINDLE_TEST_SEED'] ?? 7);
const PACE = 1_000;
/** More than are made until the last strike is over. */
const MANY = 1_000_000;
/** Of this many hits of a point any may be the one. */
const HITS = 6;
/** Milliseconds that the network is gone. */
const GONE = 3_000;

describe(`a stream that is killed, stopped and cut off (SPINDLE_TEST_SEED=${SEED})`, () => {
  const random = seededRandom(SEED, 'streaming-kills');
  const shuffled = <T>(items: readonly T[]): T[] => {
    const places = new Map(items.map((item) => [item, random()]));
    return items.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  };
  let scene: Scene;
  let isRight = false;
  beforeAll(async () => {
    process.stderr.write(`SPINDLE_TEST_SEED=${SEED}\n`);
    const rig = await openRig({ server: 'versitygw', seed: SEED, events: MANY, pace: PACE });
    scene = { rig, crew: createCrew(rig), random };
    for (const role of ROLES) await scene.crew.start(role);
    await scene.crew.until('something is landed', () => LANDERS.some((role) => scene.crew.flushed(role) > 0));
  });
  afterAll(async () => {
    await scene.crew.close();
    await scene.rig.close({ keep: !isRight });
    if (!isRight) process.stderr.write(`The logs are in ${scene.rig.folder}/logs\n`);
  });

  it('has every event in the topic once, and every offset in one object', async () => {
    const { rig, crew } = scene;
    const turns = shuffled(LANDERS);
    const lander = (index: number): Role => turns[index % turns.length] ?? LANDERS[0];
    const hit = (point: string) => `${point}@${1 + Math.floor(random() * HITS)}`;
    const killAtEach = async (points: readonly string[], roleOf: (index: number) => Role): Promise<void> => {
      for (const [index, point] of points.entries()) await killAt(scene, roleOf(index), hit(point));
    };

    await Promise.all([
      killAtEach(shuffled(pointsOf('lander-1')), lander),
      killAtEach(shuffled(pointsOf('producer')), () => 'producer').then(async () => {
        await killUnanswered(scene);
        await killHeld(scene);
      }),
    ]);
    await poison(rig);
    expect(await rig.spindle(['materialize', '--select', 'lake/orders'])).toMatchObject({ code: 0 });
    await zombieAt(scene, lander(0), hit(pick(random, ['land.before-put', 'land.after-put'])));
    await weather(rig.brokerLink, pick(random, ['refused', 'stalled']), GONE);
    for (const kind of shuffled([pick(random, ['refused', 'stalled'] as const), 'deaf'] as const)) await weather(rig.storeLink, kind, GONE);
    await killTwoLanders(scene);
    await Promise.all([restartBroker(scene), restartStore(scene)]);
    await poison(rig);

    await crew.end('producer');
    const events = [...(await topicEnds(rig)).values()].reduce((sum, end) => sum + end, PACE);
    await crew.start('producer', { events });
    const { counted, ends } = await finish({ rig: { ...rig, production: { ...rig.production, events } }, crew });
    expect(counted.problems).toEqual([]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(crew.problems).toEqual([]);
    expect(counted.topic.foreign).toBeGreaterThan(0);
    expect(counted.landed.deadFound).toBeGreaterThan(counted.topic.foreign);
    isRight = true;
  });
});
