import { z } from 'zod';
import { GENRES } from './genre.ts';

/** One song of the catalogue. */
export const Track = z.object({
  song_id: z.string().describe('Identifier of the song'),
  song_name: z.string().describe('Name of the song'),
  artist_id: z.string().describe('Identifier of the artist'),
  artist_name: z.string().describe('Name of the artist'),
  album_name: z.string().describe('Name of the album that the song is on'),
  genre: z.enum(GENRES).describe('Genre of the artist'),
  duration_ms: z.int().min(1).describe('Length of the song in milliseconds'),
  released_on: z.iso.date().describe('Day on which the album came out'),
});
export type Track = z.infer<typeof Track>;
