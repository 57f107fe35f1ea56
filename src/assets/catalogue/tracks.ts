import type { Faker } from '@faker-js/faker';
import { GENRES } from '../schemas/genre.ts';
import type { Track } from '../schemas/track.ts';
import { seededFaker } from './seeded-faker.ts';

export interface TracksOptions {
  readonly seed: number;
  /** How many tracks to make. */
  readonly size: number;
  /** No album comes out at or after this instant, in milliseconds since the epoch. */
  readonly before: number;
}

interface Album {
  readonly artist_id: string;
  readonly artist_name: string;
  readonly album_name: string;
  readonly genre: Track['genre'];
  readonly released_on: string;
}

const TRACKS_PER_ARTIST = 10;
const TRACKS_PER_ALBUM = 4;
const EARLIEST_RELEASE = Date.UTC(1970, 0, 1);

/** Makes the catalogue of tracks, the most popular one first. The same options give the same tracks. */
export async function makeTracks({ seed, size, before }: TracksOptions): Promise<Track[]> {
  const faker = await seededFaker(seed);
  const albums = makeAlbums(faker, size, before);
  return Array.from({ length: size }, (_, index) => {
    const { artist_id, artist_name, album_name, genre, released_on } = faker.helpers.arrayElement(albums);
    const song_name = faker.helpers.weightedArrayElement([
      { weight: 3, value: () => title(`${faker.word.adjective()} ${faker.word.noun()}`) },
      { weight: 1, value: () => title(faker.word.noun()) },
      { weight: 1, value: () => `${title(faker.word.verb())} the ${title(faker.word.noun())}` },
    ])();
    const duration_ms = faker.number.int({ min: 120_000, max: 300_000 });
    return { song_id: `song_${padded(index)}`, song_name, artist_id, artist_name, album_name, genre, duration_ms, released_on };
  });
}

function makeAlbums(faker: Faker, size: number, before: number): Album[] {
  const names = new Set<string>();
  return Array.from({ length: Math.ceil(size / TRACKS_PER_ARTIST) }, (_, index) => {
    const artist = {
      artist_id: `artist_${padded(index)}`,
      artist_name: newArtistName(faker, names),
      genre: faker.helpers.arrayElement(GENRES),
    };
    return Array.from({ length: Math.ceil(TRACKS_PER_ARTIST / TRACKS_PER_ALBUM) }, () => ({
      ...artist,
      album_name: title(`${faker.word.adjective()} ${faker.word.noun()}`),
      released_on: faker.date
        .between({ from: EARLIEST_RELEASE, to: before - 1 })
        .toISOString()
        .slice(0, 10),
    }));
  }).flat();
}

/** Leaderboards are read by name, so no two artists share one. */
function newArtistName(faker: Faker, taken: Set<string>): string {
  for (;;) {
    const name = faker.datatype.boolean()
      ? `${faker.person.firstName()} ${faker.person.lastName()}`
      : `The ${title(`${faker.word.adjective()} ${faker.word.noun()}`)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function title(words: string): string {
  return words.replace(/(?<=^|[\s-])[a-z]/g, (letter) => letter.toUpperCase());
}

function padded(index: number): string {
  return String(index).padStart(6, '0');
}
