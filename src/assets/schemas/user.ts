import { z } from 'zod';
import { DEVICE_TYPES } from './device-type.ts';
import { GENRES } from './genre.ts';
import { PLANS } from './plan.ts';

/** One listener of the catalogue. */
export const User = z.object({
  user_id: z.string().describe('Identifier of the user'),
  name: z.string().describe('Full name, invented'),
  email: z.email().optional().describe('Address in a domain reserved for examples'),
  country: z.string().length(2).describe('Home: ISO 3166-1 alpha-2 code of the country'),
  city: z.string().describe('Home: nearest city'),
  latitude: z.number().min(-90).max(90).describe('Home: degrees north'),
  longitude: z.number().min(-180).max(180).describe('Home: degrees east'),
  timezone: z.string().describe('Home: IANA time zone'),
  device_type: z.enum(DEVICE_TYPES).describe('Kind of device that is used most'),
  os: z.string().describe('Operating system of that device'),
  plan: z.enum(PLANS).describe('Plan when the catalogue was made'),
  taste: z.array(z.enum(GENRES)).min(1).describe('Favourite genres: songs of others are skipped more often'),
  signed_up_at: z.iso.datetime().describe('When the account was made, in UTC'),
});
export type User = z.infer<typeof User>;
