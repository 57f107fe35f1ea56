import { describe, expect, it } from 'vitest';
import type { Genre } from '../../../src/assets/schemas/genre.ts';
import type { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import { createUtcOffset } from '../../../src/assets/stream/generator/time-zone.ts';
import { DAY, HOUR, ORIGIN, smallCatalogue } from './streams.ts';

const catalogue = await smallCatalogue();
const shares = { late: 0, duplicate: 0, malformed: 0 };
const options = { seed: 3, origin: ORIGIN, events: 60_000, span: 4 * DAY, until: ORIGIN + 4 * DAY, shares, catalogue };
const events = [...listeningEvents(options)]
  .map((record) => ('raw' in record ? undefined : record.value))
  .filter((event) => event !== undefined);
const tracks = new Map(catalogue.tracks.map((track) => [track.song_id, track]));
const users = new Map(catalogue.users.map((user) => [user.user_id, user]));

function groupBy(key: (event: ListeningEvent) => string): Map<string, ListeningEvent[]> {
  const groups = new Map<string, ListeningEvent[]>();
  for (const event of events) {
    const group = groups.get(key(event));
    if (group === undefined) groups.set(key(event), [event]);
    else group.push(event);
  }
  return groups;
}

const ofType = (...types: readonly ListeningEvent['event_type'][]) => events.filter(({ event_type }) => types.includes(event_type));
const shareOfSkips = (some: readonly ListeningEvent[]) =>
  some.filter(({ event_type }) => event_type === 'skip').length /
  some.filter(({ event_type }) => event_type === 'skip' || event_type === 'complete').length;

describe('the listening model', () => {
  it('plays songs by Zipf: the n-th of the catalogue about 1/n as often as the first', () => {
    const plays = new Map<string, number>();
    for (const { song_id } of ofType('play')) plays.set(song_id, (plays.get(song_id) ?? 0) + 1);
    const counts = catalogue.tracks.map(({ song_id }) => plays.get(song_id) ?? 0);
    for (const rank of [2, 3, 5, 10, 20]) expect(Math.abs((counts[rank - 1]! * rank) / counts[0]! - 1)).toBeLessThan(0.2);
  });

  it('follows the day of each user: four to five times as much in the evening as at night', () => {
    const hours = Array.from({ length: 24 }, () => 0);
    const offsets = new Map(catalogue.users.map(({ timezone }) => [timezone, createUtcOffset(timezone)(ORIGIN) * 60_000]));
    for (const { user_id, occurred_at } of events) {
      const local = Date.parse(occurred_at) + offsets.get(users.get(user_id)!.timezone)!;
      hours[Math.floor((local % DAY) / HOUR)]! += 1;
    }
    expect(hours[19]! + hours[20]! + hours[21]!).toBeGreaterThan(4 * (hours[2]! + hours[3]! + hours[4]!));
  });

  it('skips what is not to the taste of the user more often, and metal, country and K-pop more often than ambient, classical and jazz', () => {
    const toTaste = (event: ListeningEvent) => users.get(event.user_id)!.taste.includes(tracks.get(event.song_id)!.genre);
    expect(shareOfSkips(events.filter((event) => !toTaste(event)))).toBeGreaterThan(2 * shareOfSkips(events.filter(toTaste)));
    const within = (...genres: readonly Genre[]) => events.filter(({ song_id }) => genres.includes(tracks.get(song_id)!.genre));
    expect(shareOfSkips(within('metal', 'country', 'k_pop'))).toBeGreaterThan(1.3 * shareOfSkips(within('ambient', 'classical', 'jazz')));
  });

  it('has every type of event, device and many countries', () => {
    expect(new Set(events.map(({ event_type }) => event_type)).size).toBe(7);
    expect(new Set(events.map(({ device_type }) => device_type)).size).toBe(5);
    expect(new Set(events.map(({ country }) => country)).size).toBeGreaterThan(25);
  });

  it('keeps a session to one user, device and place, begins it with a play and lets it last an hour at most', () => {
    const sessions = groupBy(({ session_id }) => session_id);
    for (const session of sessions.values()) {
      const fixed = session.map(({ user_id, device_type, os, city, latitude }) =>
        JSON.stringify([user_id, device_type, os, city, latitude]),
      );
      expect(new Set(fixed).size).toBe(1);
      expect(session[0]!.event_type).toBe('play');
      const times = session.map(({ occurred_at }) => occurred_at);
      expect(times).toEqual([...times].sort());
      expect(Date.parse(times.at(-1)!) - Date.parse(times[0]!)).toBeLessThan(1.2 * HOUR);
    }
    expect(events.length / sessions.size).toBeGreaterThan(8);
  });

  it('names song and artist as the catalogue does, and plays no song for longer than it is', () => {
    const wrong = events.filter(({ song_id, song_name, artist_name, ms_played, event_type }) => {
      const track = tracks.get(song_id)!;
      const lengthFits =
        event_type === 'complete'
          ? ms_played === track.duration_ms
          : event_type === 'play'
            ? ms_played === 0
            : ms_played <= track.duration_ms;
      return song_name !== track.song_name || artist_name !== track.artist_name || !lengthFits;
    });
    expect(wrong).toEqual([]);
  });
});
