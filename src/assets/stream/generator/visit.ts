import type { Track } from '../../schemas/track.ts';
import type { UserActivity } from '../../schemas/user-activity.ts';
import { between, pick } from './random.ts';
import type { BurstOptions, Draft } from './stream-record.ts';
import { createWeightedIndex, zipfWeights } from './zipf.ts';

const PAID_PLANS = ['premium', 'premium', 'family', 'student'] as const;

/** Makes visits of some minutes: perhaps a signup, then login, searches for songs by popularity, perhaps a change of plan, logout. */
export function createVisit(tracks: readonly Track[]): (options: BurstOptions) => Draft<UserActivity>[] {
  const popular = createWeightedIndex(zipfWeights(tracks.length));
  return ({ random, user, sequence, sessionId, limit }) => {
    const isNew = random() < 0.04;
    // Who signs up is in no catalogue yet; the sequence number makes the newcomer one of a kind.
    const user_id = isNew ? `user_new_${sequence}` : user.user_id;
    const plan = isNew ? 'free' : user.plan;
    const { device_type, country } = user;
    const drafts: Draft<UserActivity>[] = [];
    let at = 0;
    const record = (event_type: UserActivity['event_type'], more: Partial<UserActivity> = {}): void => {
      const common = { event_id: '', event_type, user_id, session_id: sessionId, device_type, country, occurred_at: '' };
      drafts.push({ at, value: { ...common, ...more } });
      at += between(random, 3_000, 90_000);
    };

    if (isNew) record('signup', { session_id: null, plan });
    record('login');
    for (let searches = Math.floor(random() ** 2 * 6); searches > 0; searches -= 1) {
      record('search', { query: searchText(tracks[popular(random)]!, random) });
    }
    if (plan === 'free' && random() < 0.05) record('subscribe', { plan: pick(random, PAID_PLANS) });
    if (plan !== 'free' && random() < 0.02) record('cancel', { plan });
    if (random() < 0.6) record('logout');
    return drafts.slice(0, limit);
  };
}

function searchText({ song_name, artist_name, genre }: Track, random: () => number): string {
  return pick(random, [song_name, artist_name, `${artist_name} ${song_name}`, genre.replaceAll('_', ' ')]).toLowerCase();
}
