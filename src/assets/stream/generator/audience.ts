import type { User } from '../../schemas/user.ts';
import { DAILY_CURVE, MINUTES_PER_DAY } from './daily-curve.ts';
import type { Random } from './random.ts';
import { createUtcOffset } from './time-zone.ts';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = MINUTES_PER_DAY * MS_PER_MINUTE;

/** The users, as they listen over the day. */
export interface Audience {
  /** How much is listened at each minute of a UTC day, relative to each other: whole numbers above zero. Offsets from UTC are those of `instant`. */
  readonly demand: (instant: number) => number[];
  /** A way to draw users for an instant: those first for whom it is evening then. Offsets from UTC are those at the start of the UTC day. */
  readonly listeningAt: (instant: number) => (random: Random) => User;
}

export function createAudience(users: readonly User[]): Audience {
  if (users.length === 0)
    throw new RangeError('A stream of events needs at least one user: make a catalogue of users whose size is above zero.');
  const members = new Map<string, User[]>();
  for (const user of users) {
    const group = members.get(user.timezone);
    if (group === undefined) members.set(user.timezone, [user]);
    else group.push(user);
  }
  const zones = [...members].map(([timezone, group]) => ({ group, utcOffset: createUtcOffset(timezone) }));
  const offsetsAt = (instant: number) => zones.map(({ utcOffset }) => utcOffset(instant));
  let day = Number.NaN;
  let offsets: readonly number[] = [];

  return {
    demand: (instant) => {
      const fixed = offsetsAt(instant);
      return Array.from({ length: MINUTES_PER_DAY }, (_, minute) => {
        const sum = zones.reduce((total, { group }, zone) => total + group.length * appetite(minute + fixed[zone]!), 0);
        return Math.ceil(sum / users.length);
      });
    },
    listeningAt: (instant) => {
      const today = Math.floor(instant / MS_PER_DAY);
      if (today !== day) {
        day = today;
        offsets = offsetsAt(today * MS_PER_DAY);
      }
      const minute = Math.floor((instant - today * MS_PER_DAY) / MS_PER_MINUTE);
      let total = 0;
      const upTo = zones.map(({ group }, zone) => (total += group.length * appetite(minute + offsets[zone]!)));
      return (random) => {
        const drawn = random() * total;
        const { group } = zones[upTo.findIndex((sum) => drawn < sum)]!;
        // The square makes some users heavy listeners: the first tenth of a group gets about a third.
        return group[Math.floor(random() ** 2 * group.length)]!;
      };
    },
  };
}

function appetite(localMinute: number): number {
  return DAILY_CURVE[(localMinute + MINUTES_PER_DAY) % MINUTES_PER_DAY]!;
}
