import { asset, value } from 'spindle';
import { z } from 'zod';
import { Track } from '../schemas/track.ts';
import { User } from '../schemas/user.ts';
import { makeTracks } from './tracks.ts';
import { makeUsers } from './users.ts';

const common = {
  seed: z.int().default(7).describe('Equal seeds make equal catalogues.'),
  before: z.iso.date().default('2026-01-01').describe('Releases and sign-ups lie before this day.'),
};

export const users = asset('catalogue/users', {
  description: 'The people who listen: where they live, what they own and what they like.',
  group: 'catalogue',
  store: value(z.array(User)),
  config: z.object({ ...common, size: z.int().min(1).default(20_000) }),
}).run((_, { config }) => makeUsers({ seed: config.seed, size: config.size, before: Date.parse(config.before) }));

export const tracks = asset('catalogue/tracks', {
  description: 'The songs that can be played, the most popular first.',
  group: 'catalogue',
  store: value(z.array(Track)),
  config: z.object({ ...common, size: z.int().min(1).default(5_000) }),
}).run((_, { config }) => makeTracks({ seed: config.seed, size: config.size, before: Date.parse(config.before) }));
