import { operatingSystems } from '../src/assets/catalogue/operating-systems.ts';
import { makeTracks } from '../src/assets/catalogue/tracks.ts';
import { makeUsers } from '../src/assets/catalogue/users.ts';
import { DEVICE_TYPES } from '../src/assets/schemas/device-type.ts';
import { LISTENING_EVENT_TYPES, type ListeningEvent } from '../src/assets/schemas/listening-event.ts';
import { listeningEvents } from '../src/assets/stream/generator/listening-events.ts';

/** How long it took to make events and write each as JSON, in one thread. */
export interface GeneratorTiming {
  readonly events: number;
  /** Characters of JSON. */
  readonly characters: number;
  /** What came before the first event: loading faker and, where there is one, making the catalogue. */
  readonly setUpMs: number;
  readonly ms: number;
}

const ORIGIN = Date.UTC(2025, 0, 1);
const SPAN = 7 * 86_400_000;

/** Makes events as the pipeline does: 20,000 users, 5,000 tracks, a week of simulated time, the default shares. */
export async function pipelineEvents(count: number): Promise<GeneratorTiming> {
  const start = performance.now();
  const users = await makeUsers({ seed: 1, size: 20_000, before: ORIGIN });
  const tracks = await makeTracks({ seed: 1, size: 5_000, before: ORIGIN });
  const ready = performance.now();
  let events = 0;
  let characters = 0;
  for (const record of listeningEvents({
    seed: 1,
    origin: ORIGIN,
    events: count,
    span: SPAN,
    until: ORIGIN + SPAN,
    catalogue: { users, tracks },
  })) {
    events += 1;
    characters += 'raw' in record ? record.raw.length : JSON.stringify(record.value).length;
  }
  return { events, characters, setUpMs: ready - start, ms: performance.now() - ready };
}

/** Makes events with the same fields as one would at first: each field by a call of faker, each event for itself. */
export async function naiveEvents(count: number): Promise<GeneratorTiming> {
  const start = performance.now();
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed(1);
  const ready = performance.now();
  let characters = 0;
  for (let made = 0; made < count; made += 1) {
    const device_type = faker.helpers.arrayElement(DEVICE_TYPES);
    const event: ListeningEvent = {
      event_id: faker.string.uuid(),
      event_type: faker.helpers.arrayElement(LISTENING_EVENT_TYPES),
      user_id: `user_${faker.string.numeric(6)}`,
      session_id: faker.string.uuid(),
      song_id: `song_${faker.string.numeric(6)}`,
      song_name: faker.music.songName(),
      artist_name: faker.music.artist(),
      device_type,
      os: faker.helpers.arrayElement(operatingSystems(device_type)),
      app_version: faker.system.semver(),
      country: faker.location.countryCode(),
      city: faker.location.city(),
      latitude: faker.location.latitude(),
      longitude: faker.location.longitude(),
      ms_played: faker.number.int({ min: 0, max: 300_000 }),
      occurred_at: faker.date.between({ from: ORIGIN, to: ORIGIN + SPAN }).toISOString(),
    };
    characters += JSON.stringify(event).length;
  }
  return { events: count, characters, setUpMs: ready - start, ms: performance.now() - ready };
}
