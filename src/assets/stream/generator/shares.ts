import { z } from 'zod';

const share = z.number().min(0).max(1);

/** How much of a stream is not as a consumer would like it; each is a part of one. */
export const StreamShares = z.object({
  late: share
    .default(0.01)
    .describe('Share of the sessions that are uploaded one to three days after they ended, by devices that were offline'),
  duplicate: share
    .default(0.005)
    .describe('Share of the records that repeat an earlier one, event_id and all; the first record of a minute never does'),
  malformed: share.default(0.002).describe('Share of the records whose text breaks the schema or is no JSON at all'),
});
export type StreamShares = z.infer<typeof StreamShares>;
