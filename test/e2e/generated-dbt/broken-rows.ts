import { z } from 'zod';

/** A table with each kind of test that a schema gives. */
export const Broken = z.object({
  order: z.string(),
  kind: z.enum(['a', 'b']).nullable(),
  quoted: z.enum(["it's", String.raw`back\slash`]).nullable(),
  level: z.literal([1, 2]),
  isOpen: z.literal(true).nullable(),
  share: z.number().min(0).max(1).nullable(),
});

/** The first keeps to the schema, the second is null where it may be; each of the others breaks what its first column shows. */
export const rows: readonly Readonly<Record<string, unknown>>[] = [
  { order: 'a', kind: 'a', quoted: "it's", level: 1, isOpen: true, share: 0 },
  { order: 'b', kind: null, quoted: null, level: 2, isOpen: null, share: null },
  { order: null, kind: 'b', quoted: String.raw`back\slash`, level: 1, isOpen: true, share: 1 },
  { order: 'c', kind: 'c', quoted: "it''s", level: 1, isOpen: false, share: 1.5 },
  { order: 'd', kind: 'A', quoted: String.raw`back\\slash`, level: 3, isOpen: true, share: -0.5 },
  { order: 'a', kind: 'a', quoted: "it's", level: 1, isOpen: true, share: 0.5 },
];
