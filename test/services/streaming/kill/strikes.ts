import { setTimeout as sleep } from 'node:timers/promises';
import { LANDERS, type Crew, type Role } from './crew.ts';
import type { Link, Weather } from './link.ts';
import { PARTITIONS, type Rig } from './rig.ts';

/** Where strikes happen. */
export interface Scene {
  readonly rig: Rig;
  readonly crew: Crew;
  readonly random: () => number;
}

/** Milliseconds after which the group forgets a member that it does not hear of, as the project sets it. */
export const SESSION = 6_000;

/** Milliseconds that what was sent may lie in the network. */
const LONG = 20_000;

export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** Starts the process anew with a fault that kills it where it reaches the point for the n-th time, and waits for that; another one takes its role. */
export async function killAt({ crew }: Scene, role: Role, fault: string): Promise<void> {
  const hand = await crew.start(role, { fault });
  await crew.until(`${role} reaches ${fault}`, () => hand.hit !== undefined);
  const { signal, hit } = await hand.ended;
  if (signal !== 'SIGKILL' || hit !== fault) throw new Error(`${role} ended with ${signal} at ${hit}, not at ${fault}.`);
}

/**
 * Starts a lander anew with a fault that stops it at a point, lets the others take over what it had and land on, and wakes it up in the midst of what it
 * was about to do. It has to find its way back into the group.
 */
export async function zombieAt({ crew }: Scene, role: Role, fault: string): Promise<void> {
  const hand = await crew.start(role, { fault: `${fault}:stop` });
  await crew.until(`${role} stops at ${fault}`, () => hand.hit !== undefined);
  const lost = hand.partitions ?? [];
  const others = LANDERS.filter((other) => other !== role);
  const had = new Set(others.flatMap((other) => crew.hand(other).partitions ?? []));
  await crew.until(`the others have what ${role} had`, () => {
    const have = new Set(others.flatMap((other) => crew.hand(other).partitions ?? []));
    return have.size === PARTITIONS && lost.some((partition) => !had.has(partition) && have.has(partition));
  });
  const flushes = () => others.reduce((sum, other) => sum + crew.flushed(other), 0);
  const before = flushes();
  await crew.until('the others land on', () => flushes() > before + PARTITIONS);
  const divisions = () => hand.lines.filter(({ type }) => type === 'assigned').length;
  const known = divisions();
  hand.signal('SIGCONT');
  await crew.until(`${role} is in the group again`, () => divisions() > known);
}

/** Lets the network before a server do its worst for a while. */
export async function weather(link: Link, kind: Exclude<Weather, 'open'>, milliseconds: number): Promise<void> {
  link.become(kind);
  await sleep(milliseconds);
  link.become('open');
}

/** Answers of the broker are lost, so that nobody knows what it kept; then the producer is killed too. */
export async function killUnanswered({ rig, crew }: Scene): Promise<void> {
  rig.brokerLink.become('deaf');
  await sleep(1_000);
  await crew.kill('producer');
  rig.brokerLink.become('open');
}

/** Kills the producer while what it sent lies in the network, and lets that arrive only when another one has taken its place. */
export async function killHeld({ rig, crew, random }: Scene): Promise<void> {
  const release = rig.brokerLink.hold();
  await sleep(500 + random() * 1_000);
  await crew.kill('producer');
  const produced = crew.flushed('producer');
  // Where other strikes keep that from happening, the network does not wait forever.
  await Promise.race([sleep(LONG), crew.until('another one produces', () => crew.flushed('producer') > produced, LONG + 1_000)]);
  release();
}

/** Kills two landers while the group is being divided anew because of the first one. */
export async function killTwoLanders({ crew, random }: Scene): Promise<void> {
  const [first, second] = LANDERS.toSorted(() => random() - 0.5);
  await crew.kill(first ?? LANDERS[0]);
  await sleep(random() * SESSION);
  await crew.kill(second ?? LANDERS[1]);
}

/** Kills the broker and starts it on the same data. */
export async function restartBroker({ rig }: Scene): Promise<void> {
  await rig.broker.kill();
  await rig.broker.start();
}

/** Kills the object store and starts it on the same data. */
export async function restartStore({ rig }: Scene): Promise<void> {
  await rig.store.restart();
}
