import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());

/** What a process may say: one JSON object a line. Other names in a message are an error, so that a misspelled one is noticed. */
export const Message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('log'), message: z.string(), fields: fields.optional() }),
  z.strictObject({ type: z.literal('metadata'), values: fields }),
  z.strictObject({ type: z.literal('progress'), done: z.number(), total: z.number().optional() }),
  z.strictObject({ type: z.literal('row'), row: fields }),
  z.strictObject({ type: z.literal('rows'), rows: z.array(fields) }),
  z.strictObject({ type: z.literal('result'), value: z.unknown() }),
  z.strictObject({ type: z.literal('error'), message: z.string(), transient: z.boolean().optional() }),
]);
export type Message = z.infer<typeof Message>;
