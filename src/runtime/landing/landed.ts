import { z } from 'zod';
import type { Row } from '../store/row.ts';

/** The columns that landing adds to a record. */
export const landingColumns = {
  _topic: z.string().describe('The topic that the record came from.'),
  _partition: z.int().min(0).describe('Its partition.'),
  _offset: z.int().min(0).describe('Its offset in the partition.'),
  _recorded_at: z.iso.datetime().describe("The record's own time stamp, as the broker keeps it."),
  _extra: z.record(z.string(), z.unknown()).optional().describe('Fields of the record that the schema does not know.'),
};

type LandingColumns = typeof landingColumns;

/** The columns that landing adds: topic, partition, offset, record time, and the fields that the schema does not know. */
export function landed<S extends Row>(schema: S): z.ZodObject<Omit<S['shape'], keyof LandingColumns> & LandingColumns> {
  // extend() types its result by another route to the same shape.
  return z.object({ ...schema.shape, ...landingColumns }) as never;
}
