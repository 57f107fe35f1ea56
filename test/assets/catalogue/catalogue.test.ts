import { describe, expect, it } from 'vitest';
import { CITIES } from '../../../src/assets/catalogue/cities.ts';
import { makeTracks } from '../../../src/assets/catalogue/tracks.ts';
import { makeUsers } from '../../../src/assets/catalogue/users.ts';
import { Track } from '../../../src/assets/schemas/track.ts';
import { User } from '../../../src/assets/schemas/user.ts';

const before = Date.UTC(2025, 5, 1);

describe('the catalogue', () => {
  it('holds as many tracks as asked, each valid, with its own id and out before the given instant', async () => {
    const tracks = await makeTracks({ seed: 1, size: 500, before });
    expect(tracks.map((track) => Track.parse(track))).toEqual(tracks);
    expect(new Set(tracks.map(({ song_id }) => song_id)).size).toBe(500);
    expect(tracks.every(({ released_on }) => Date.parse(released_on) < before)).toBe(true);
  });

  it('gives an artist one name and one genre, and no name to two artists', async () => {
    const tracks = await makeTracks({ seed: 1, size: 500, before });
    const distinct = (fields: (track: Track) => readonly string[]) => new Set(tracks.map((track) => JSON.stringify(fields(track)))).size;
    const artists = distinct(({ artist_id }) => [artist_id]);
    expect(artists).toBeGreaterThan(30);
    expect(distinct(({ artist_id, artist_name, genre }) => [artist_id, artist_name, genre])).toBe(artists);
    expect(distinct(({ artist_name }) => [artist_name])).toBe(artists);
  });

  it('holds as many users as asked, each valid, with its own id and address, near a city and in its time zone', async () => {
    const users = await makeUsers({ seed: 1, size: 500, before });
    expect(users.map((user) => User.parse(user))).toEqual(users);
    expect(new Set(users.map(({ user_id }) => user_id)).size).toBe(500);
    expect(new Set(users.map(({ email }) => email)).size).toBe(500);
    for (const user of users) {
      const home = CITIES.find(({ city }) => city === user.city)!;
      expect(user).toMatchObject({ country: home.country, timezone: home.timezone });
      expect(Math.abs(user.latitude - home.latitude)).toBeLessThan(0.21);
      expect(Math.abs(user.longitude - home.longitude)).toBeLessThan(0.21);
      expect(Date.parse(user.signed_up_at)).toBeLessThan(before);
    }
  });

  it('is the same for the same seed, whatever was made in between, and another for another seed', async () => {
    const [users, tracks] = [await makeUsers({ seed: 1, size: 50, before }), await makeTracks({ seed: 1, size: 50, before })];
    const [others, moreTracks] = [await makeUsers({ seed: 2, size: 50, before }), await makeTracks({ seed: 2, size: 50, before })];
    expect(await makeTracks({ seed: 1, size: 50, before })).toEqual(tracks);
    expect(await makeUsers({ seed: 1, size: 50, before })).toEqual(users);
    expect(others).not.toEqual(users);
    expect(moreTracks).not.toEqual(tracks);
  });

  it('knows cities whose coordinates fit their time zone', () => {
    for (const { city, longitude, latitude, timezone } of CITIES) {
      const winter = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23', day: 'numeric' });
      const parts = winter.formatToParts(Date.UTC(2025, 0, 15, 12));
      const hour =
        Number(parts.find(({ type }) => type === 'hour')?.value) + (Number(parts.find(({ type }) => type === 'day')?.value) - 15) * 24;
      // Clocks are political, but never three hours from the sun.
      expect(Math.abs(hour - 12 - longitude / 15), city).toBeLessThan(3);
      expect(Math.abs(latitude), city).toBeLessThan(70);
    }
  });
});
