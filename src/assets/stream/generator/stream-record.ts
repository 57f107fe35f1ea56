import type { Track } from '../../schemas/track.ts';
import type { User } from '../../schemas/user.ts';
import type { EventFields } from './malformed.ts';
import type { Random } from './random.ts';
import type { StreamShares } from './shares.ts';

export interface StreamOptions {
  readonly seed: number;
  /** Where the stream begins, in milliseconds since the epoch; the minute decides. */
  readonly origin: number;
  /** How many records come in each span. */
  readonly events: number;
  /** Milliseconds; at least a minute. */
  readonly span: number;
  /** The clock: only minutes that are over by this instant, in milliseconds since the epoch, have records. */
  readonly until: number;
  /** The last sequence number that is already there. Default -1: none is. */
  readonly after?: number;
  readonly shares?: Partial<StreamShares>;
  /** True where each minute has as many records as any other; else as many as people listen then. */
  readonly even?: boolean;
  readonly catalogue: { readonly users: readonly User[]; readonly tracks: readonly Track[] };
}

/** One record of a stream: an event, or the raw text of a broken one. `timestamp` is when it was uploaded, in milliseconds since the epoch. */
export type StreamRecord<Event> = { readonly sequence: number; readonly key: string; readonly timestamp: number } & (
  | { readonly value: Event }
  | { readonly raw: string }
);

/** An event of a burst, `at` milliseconds after the burst began. The stream fills in its `event_id` and `occurred_at`. */
export interface Draft<Event> {
  readonly at: number;
  readonly value: Event;
}

export interface BurstOptions {
  readonly random: Random;
  readonly user: User;
  /** The sequence number that the burst begins at. */
  readonly sequence: number;
  /** An identifier of the burst. */
  readonly sessionId: string;
  /** The most drafts that there is room for. */
  readonly limit: number;
}

/** What makes one stream differ from another. */
export interface StreamModel<Event extends EventFields> {
  /** Tells the random numbers and the identifiers of one stream from those of another. */
  readonly name: string;
  /** About as many records as a burst has. */
  readonly lot: number;
  /** What one user does in one go, which is uploaded at its end: one to `limit` drafts, in order of `at`. */
  readonly burst: (options: BurstOptions) => readonly Draft<Event>[];
}
