import type { Faker } from '@faker-js/faker';

/** A faker of its own for each call, English only: what one maker draws never shifts what another gets. Loads faker on the first call. */
export async function seededFaker(seed: number): Promise<Faker> {
  const { faker } = await import('@faker-js/faker/locale/en');
  // The main entry, which exports the class, would load every locale.
  const FakerOfLocale = faker.constructor as typeof Faker;
  return new FakerOfLocale({ locale: faker.rawDefinitions, seed });
}
