import { operatingSystems } from '../../catalogue/operating-systems.ts';
import type { DeviceType } from '../../schemas/device-type.ts';
import type { Genre } from '../../schemas/genre.ts';
import type { ListeningEvent } from '../../schemas/listening-event.ts';
import type { Track } from '../../schemas/track.ts';
import type { User } from '../../schemas/user.ts';
import { between, pick, type Random } from './random.ts';
import type { BurstOptions, Draft } from './stream-record.ts';
import { createWeightedIndex, zipfWeights } from './zipf.ts';

/** How likely a song is skipped by one who does not care for its genre; by one who does, a third as likely. */
const SKIP_CHANCE: Readonly<Record<Genre, number>> = {
  pop: 0.36,
  hip_hop: 0.42,
  rock: 0.39,
  electronic: 0.42,
  latin: 0.36,
  indie: 0.36,
  r_and_b: 0.33,
  k_pop: 0.45,
  afrobeats: 0.36,
  country: 0.48,
  metal: 0.6,
  jazz: 0.3,
  classical: 0.27,
  ambient: 0.24,
};
const OTHER_DEVICES: readonly DeviceType[] = ['mobile', 'mobile', 'web', 'speaker'];
const APP_VERSIONS: readonly string[] = ['9.1.4', '9.1.4', '9.1.4', '9.1.2', '9.1.0', '9.0.52', '8.9.96'];
/** No song starts later in a session. */
const LATEST_START_MS = 3_000_000;
const MOST_SONGS = 25;

/** Makes listening sessions of up to an hour: songs by popularity, each played, perhaps paused and liked, then skipped or heard to its end. */
export function createListeningSession(tracks: readonly Track[]): (options: BurstOptions) => Draft<ListeningEvent>[] {
  const popular = createWeightedIndex(zipfWeights(tracks.length));
  return ({ random, user, sessionId, limit }) => {
    const blank = blankEvent(random, user, sessionId);
    // The square makes short sessions frequent and long ones rare.
    const songs = 1 + Math.floor(random() ** 2 * MOST_SONGS);
    const drafts: Draft<ListeningEvent>[] = [];
    let clock = 0;

    for (let song = 0; song < songs && drafts.length < limit && clock < LATEST_START_MS; song += 1) {
      const { song_id, song_name, artist_name, genre, duration_ms } = tracks[popular(random)]!;
      const record = (event_type: ListeningEvent['event_type'], ms_played: number): void => {
        drafts.push({ at: clock + ms_played, value: { ...blank, event_type, song_id, song_name, artist_name, ms_played } });
      };
      const skipped = random() < SKIP_CHANCE[genre] * (user.taste.includes(genre) ? 1 / 3 : 1);
      // Who skips does so early, most often.
      const heard = skipped ? Math.floor(random() ** 2 * duration_ms) : duration_ms;

      record('play', 0);
      let position = 0;
      if (random() < 0.08) {
        position = between(random, 0, heard);
        record('pause', position);
        clock += between(random, 5_000, 180_000);
        record('resume', position);
      }
      if (!skipped && random() < 0.09) {
        position = between(random, position, heard);
        record('like', position);
      }
      if (!skipped && random() < 0.05) record('add_to_playlist', between(random, position, heard));
      record(skipped ? 'skip' : 'complete', heard);
      clock += heard;
    }
    return drafts.slice(0, limit);
  };
}

/** What all events of a session share, in the order of the schema. */
function blankEvent(random: Random, user: User, session_id: string): ListeningEvent {
  const { user_id, country, city, latitude, longitude } = user;
  const device_type = random() < 0.85 ? user.device_type : pick(random, OTHER_DEVICES);
  const os = device_type === user.device_type ? user.os : pick(random, operatingSystems(device_type));
  const app_version = pick(random, APP_VERSIONS);
  const what = { event_type: 'play' as const, user_id, session_id, song_id: '', song_name: '', artist_name: '' };
  return { event_id: '', ...what, device_type, os, app_version, country, city, latitude, longitude, ms_played: 0, occurred_at: '' };
}
