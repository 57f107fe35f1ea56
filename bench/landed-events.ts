import { z } from 'zod';

/** What the benches of loads load. */
export const Event = z.object({
  event_id: z.uuid(),
  event_type: z.enum(['play', 'pause', 'resume', 'skip', 'complete', 'like', 'add_to_playlist']),
  user_id: z.string(),
  session_id: z.string(),
  song_id: z.string(),
  song: z.string(),
  artist: z.string(),
  device: z.object({ device_type: z.string(), os: z.string(), app_version: z.string() }),
  geography: z.object({ country: z.string(), city: z.string(), latitude: z.number(), longitude: z.number() }),
  ms_played: z.int().min(0),
  occurred_at: z.iso.datetime(),
});

/** The record of an event as landing writes it. */
export function eventAt(id: number, partition: number) {
  const at = new Date(1_767_225_600_000 + id * 2500 + ((id * 7919) % 1000)).toISOString();
  const hash = (Math.imul(id + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  return {
    _topic: 'events',
    _partition: partition,
    _offset: id,
    _recorded_at: at,
    event_id: `${hash}-aaaa-4bbb-8ccc-${String(id).padStart(12, '0')}`,
    event_type: (['play', 'pause', 'skip', 'complete'] as const)[id % 4],
    user_id: `user-${(id * 31) % 5000}`,
    session_id: `session-${id >> 4}`,
    song_id: `song-${(id * 17) % 10_000}`,
    song: `The Song Number ${(id * 17) % 10_000}`,
    artist: `Artist ${(id * 17) % 700}`,
    device: { device_type: 'mobile', os: 'ios', app_version: `1.2.${id % 9}` },
    geography: { country: 'SE', city: 'Stockholm', latitude: 59.33, longitude: 18.06 },
    ms_played: id % 240_000,
    occurred_at: at,
  };
}
