import { GENRES } from '../schemas/genre.ts';
import type { User } from '../schemas/user.ts';
import { CITIES } from './cities.ts';
import { operatingSystems } from './operating-systems.ts';
import { seededFaker } from './seeded-faker.ts';

export interface UsersOptions {
  readonly seed: number;
  /** How many users to make. */
  readonly size: number;
  /** Every user signed up before this instant, in milliseconds since the epoch. */
  readonly before: number;
}

const OLDEST_ACCOUNT_MS = 5 * 365 * 86_400_000;
/** Users live around a city's center, at most this many degrees away. */
const SUBURB = 0.2;

const DEVICES = [
  { value: 'mobile', weight: 60 },
  { value: 'desktop', weight: 16 },
  { value: 'web', weight: 9 },
  { value: 'speaker', weight: 9 },
  { value: 'tv', weight: 6 },
] as const;

const PLAN_WEIGHTS = [
  { value: 'free', weight: 50 },
  { value: 'premium', weight: 30 },
  { value: 'family', weight: 12 },
  { value: 'student', weight: 8 },
] as const;

/** Makes the users. The same options give the same users. */
export async function makeUsers({ seed, size, before }: UsersOptions): Promise<User[]> {
  const faker = await seededFaker(seed);
  const homes = CITIES.map((value) => ({ value, weight: value.weight }));
  return Array.from({ length: size }, (_, index) => {
    const number = String(index).padStart(6, '0');
    const firstName = faker.person.firstName();
    const lastName = faker.person.lastName();
    const home = faker.helpers.weightedArrayElement(homes);
    const device_type = faker.helpers.weightedArrayElement(DEVICES);
    return {
      user_id: `user_${number}`,
      name: `${firstName} ${lastName}`,
      email: `${faker.helpers.slugify(`${firstName}.${lastName}`).toLowerCase()}.${number}@example.com`,
      country: home.country,
      city: home.city,
      latitude: near(home.latitude, faker.number.float({ min: -SUBURB, max: SUBURB })),
      longitude: near(home.longitude, faker.number.float({ min: -SUBURB, max: SUBURB })),
      timezone: home.timezone,
      device_type,
      os: faker.helpers.arrayElement(operatingSystems(device_type)),
      plan: faker.helpers.weightedArrayElement(PLAN_WEIGHTS),
      taste: faker.helpers.arrayElements(GENRES, { min: 2, max: 4 }),
      signed_up_at: faker.date.between({ from: before - OLDEST_ACCOUNT_MS, to: before - 1 }).toISOString(),
    };
  });
}

/** Four decimals are about eleven meters. */
function near(center: number, distance: number): number {
  return Math.round((center + distance) * 10_000) / 10_000;
}
