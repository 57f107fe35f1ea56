const EVENTS = ['play', 'complete', 'skip', 'pause', 'resume', 'like', 'add_to_playlist'] as const;
const ACTIVITIES = ['signup', 'login', 'logout', 'search', 'subscribe', 'cancel'] as const;
const DEVICES = ['mobile', 'desktop', 'web', 'tv', 'speaker'] as const;
const COUNTRIES = ['SE', 'US', 'DE'] as const;
const START = Date.UTC(2026, 0, 1);

const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
const of = <T>(values: readonly T[], index: number): T => values[index % values.length] as T;
const landed = (topic: string, index: number) => ({
  _topic: topic,
  _partition: index % 4,
  _offset: Math.floor(index / 4),
  _recorded_at: at(index),
  _object: `object-${index % 4}`,
  _loaded_at: at(31 * 86_400),
});

/** One listening event in fifty is delivered twice. */
export function listeningRow(index: number) {
  const event = index % 50 === 49 ? index - 30 : index;
  const session = Math.floor(event / 20);
  const song = (event * 7919) % 300;
  return {
    event_id: `event-${event}`,
    event_type: of(EVENTS, event * 31),
    user_id: `user-${session % 500}`,
    session_id: `session-${session}`,
    song_id: `song-${song}`,
    song_name: `Song ${song}`,
    artist_name: `Artist ${Math.floor(song / 10)}`,
    device_type: of(DEVICES, session),
    os: 'iOS',
    app_version: '8.1',
    country: of(COUNTRIES, session),
    city: 'City',
    latitude: 59.3,
    longitude: 18.1,
    ms_played: (event * 131) % 200_000,
    occurred_at: at(event),
    ...landed('listening_events', index),
  };
}

export function activityRow(index: number) {
  return {
    event_id: `activity-${index}`,
    event_type: of(ACTIVITIES, index),
    user_id: `user-${index % 500}`,
    session_id: null,
    query: null,
    plan: null,
    device_type: 'web',
    country: 'SE',
    occurred_at: at(index * 9),
    ...landed('user_activity', index),
  };
}
