import { z } from 'zod';
import { DEVICE_TYPES } from './device-type.ts';

export const LISTENING_EVENT_TYPES = ['play', 'pause', 'resume', 'skip', 'complete', 'like', 'add_to_playlist'] as const;

/** One thing that a user did to a song while listening; the record of the topic `listening_events`. */
export const ListeningEvent = z.object({
  event_id: z.uuid().describe('Identifier of the event; a record that was sent twice carries it twice'),
  event_type: z.enum(LISTENING_EVENT_TYPES).describe('What the user did to the song'),
  user_id: z.string().describe('Who listened'),
  session_id: z.uuid().describe('The listening session, one device from first play to last event'),
  song_id: z.string().describe('The song, as the catalogue of tracks knows it'),
  song_name: z.string().describe('Name of the song when the event happened'),
  artist_name: z.string().describe('Name of the artist when the event happened'),
  device_type: z.enum(DEVICE_TYPES).describe('Kind of device that played the song'),
  os: z.string().describe('Operating system of the device'),
  app_version: z.string().describe('Version of the app on the device'),
  country: z.string().length(2).describe('Where the user listened: ISO 3166-1 alpha-2 code'),
  city: z.string().describe('Where the user listened: nearest city'),
  latitude: z.number().min(-90).max(90).describe('Where the user listened: degrees north'),
  longitude: z.number().min(-180).max(180).describe('Where the user listened: degrees east'),
  ms_played: z.int().min(0).describe('Milliseconds of the song heard when the event happened'),
  occurred_at: z.iso.datetime().describe('When the event happened on the device, in UTC'),
});
export type ListeningEvent = z.infer<typeof ListeningEvent>;
