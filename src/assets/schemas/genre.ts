/** The genres of the catalogue, and what a user's taste is made of. */
export const GENRES = [
  'pop',
  'hip_hop',
  'rock',
  'electronic',
  'latin',
  'indie',
  'r_and_b',
  'k_pop',
  'afrobeats',
  'country',
  'metal',
  'jazz',
  'classical',
  'ambient',
] as const;
export type Genre = (typeof GENRES)[number];
