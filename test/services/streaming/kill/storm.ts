import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPoint } from '../../../../src/runtime/resource/faults.ts';
import { LANDERS, ROLES, type Crew, type Role } from './crew.ts';
import { pointsOf } from './points.ts';
import { poison } from './poison.ts';
import { killAt, killHeld, pick, restartBroker, restartStore, SESSION, weather, type Scene } from './strikes.ts';

export interface StormOptions {
  /** Over which the strikes are spread. */
  readonly milliseconds: number;
  /** Kills at random moments. */
  readonly kills: number;
}

/** What a storm did, beside the kills that the crew knows of. */
export interface Storm {
  readonly zombies: number;
  readonly brokerRestarts: number;
  readonly storeRestarts: number;
  readonly cuts: number;
  readonly poisoned: number;
}

/** Of this many hits of a point any may be the one. */
const HITS = 6;
/** The part of the killed processes whose successor is to be killed at a named point, and of the kills that come in twos. */
const NAMED = 0.7;
const TWICE = 0.2;
/** Milliseconds: the longest that the network is gone. */
const GONE = 6_000;
const WEATHERS = ['refused', 'stalled', 'deaf'] as const;

/**
 * Strikes at moments that are drawn from the whole time, whatever goes on: so kills come while the group is divided anew, servers start or a zombie
 * sleeps; then at each named point that was not hit by chance. Resolves when the last strike is over; rejects where one could not be done.
 */
export async function storm(scene: Scene, { milliseconds, kills }: StormOptions): Promise<Storm> {
  const { rig, crew, random } = scene;
  const asleep = new Set<Role>();
  const tally = { zombies: 0, brokerRestarts: 0, storeRestarts: 0, cuts: 0, poisoned: 0 };

  const killOne = async (): Promise<void> => {
    if (crew.isProduced) throw new Error('The producer came to its end before the last kill.');
    const role = pick(
      random,
      ROLES.filter((one) => !asleep.has(one)),
    );
    const fault = `${seldomHit(crew, pointsOf(role))}@${1 + Math.floor(random() * HITS)}`;
    await crew.kill(role, random() < NAMED ? { fault } : {});
  };
  const zombie = async (): Promise<void> => {
    const role = pick(
      random,
      LANDERS.filter((one) => !asleep.has(one)),
    );
    asleep.add(role);
    const hand = crew.hand(role);
    hand.signal('SIGSTOP');
    await sleep(SESSION + 2_000 + random() * SESSION);
    hand.signal('SIGCONT');
    asleep.delete(role);
    tally.zombies++;
  };
  const held = async (): Promise<void> => {
    await killHeld(scene);
    tally.cuts++;
  };
  const cut = async (): Promise<void> => {
    const link = pick(random, [rig.brokerLink, rig.storeLink]);
    const kind = pick(random, WEATHERS);
    await weather(link, kind, 500 + random() * GONE);
    tally.cuts++;
  };

  const strikes: readonly (() => Promise<void>)[] = [
    ...Array.from({ length: kills }, () => async () => {
      await killOne();
      if (random() < TWICE) await sleep(random() * 1_000).then(killOne);
    }),
    zombie,
    zombie,
    async () => {
      await restartBroker(scene);
      tally.brokerRestarts++;
    },
    async () => {
      await restartStore(scene);
      tally.storeRestarts++;
    },
    ...Array.from({ length: 6 }, () => cut),
    held,
    held,
    ...Array.from({ length: 3 }, () => async () => {
      await poison(rig);
      tally.poisoned++;
    }),
  ];
  await Promise.all(
    strikes.map(async (strike) => {
      await sleep(random() * milliseconds);
      await strike();
    }),
  );
  const killAtRest = async (role: Role): Promise<void> => {
    for (const point of pointsOf(role)) if (killsAt(crew, point) === 0 && !crew.isProduced) await killAt(scene, role, `${point}@1`);
  };
  await Promise.all([killAtRest('producer'), killAtRest(LANDERS[0])]);
  return tally;
}

export const killsAt = ({ kills }: Crew, point: FaultPoint): number => kills.filter(({ hit }) => hit?.startsWith(`${point}@`)).length;

const seldomHit = (crew: Crew, points: readonly FaultPoint[]): FaultPoint | undefined =>
  points.toSorted((a, b) => killsAt(crew, a) - killsAt(crew, b))[0];
