import { z } from 'zod';
import { StreamShares } from './generator/shares.ts';

export const RECORD_KEYS = ['user_id', 'session_id', 'event_id', 'none'] as const;

/** What both event generators can be told. */
export const generatorConfig = (events: number) =>
  z.object({
    seed: z.int().default(7).describe('Equal seed, clock and size make equal bytes.'),
    events: z.int().min(1).default(events).describe('Events in each span.'),
    span: z
      .string()
      .regex(/^\d+(m|h|d)$/, 'write a whole number and a unit (m, h, d), such as 7d')
      .refine((span) => Number.parseInt(span, 10) > 0, 'a span must not be empty')
      .default('7d')
      .describe(
        'Simulated time that the events cover: it ends at the clock of the first run, and later runs go on from there at the same pace.',
      ),
    rate: z.number().min(0).default(0).describe('Events a second; 0 is as fast as it goes.'),
    partitions: z.int().min(1).max(1024).default(4).describe('Partitions of the topic.'),
    key: z.enum(RECORD_KEYS).default('user_id').describe('What decides the partition of a record; with none they go round.'),
    ...StreamShares.shape,
  });

export type GeneratorConfig = z.infer<ReturnType<typeof generatorConfig>>;
