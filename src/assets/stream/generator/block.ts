import type { User } from '../../schemas/user.ts';
import { malformedText, type EventFields } from './malformed.ts';
import { between, pick, type Random } from './random.ts';
import { BLOCK_MS } from './schedule.ts';
import type { StreamShares } from './shares.ts';
import type { StreamModel, StreamRecord } from './stream-record.ts';

const MS_PER_DAY = 86_400_000;

export interface BlockOptions<Event extends EventFields> {
  readonly model: StreamModel<Event>;
  readonly shares: StreamShares;
  readonly eventId: (sequence: number) => string;
  readonly sessionId: (sequence: number) => string;
  readonly instantText: (instant: number) => string;
  /** The sequence number of the first record. */
  readonly begin: number;
  /** How many records to make. */
  readonly quota: number;
  /** When the block begins, in milliseconds since the epoch. */
  readonly time: number;
  readonly random: Random;
  readonly drawUser: (random: Random) => User;
}

type ValidRecord<Event> = StreamRecord<Event> & { readonly value: Event };

/** How many of the newest records one is taken from where it is sent twice: a dense block is not held in memory for it. */
const RECENT = 1_000;

/** Exactly the records of one block, in order of sequence and of upload: bursts that end in the block, the last one cut short. */
export function* makeBlock<Event extends EventFields>(options: BlockOptions<Event>): Generator<StreamRecord<Event>, void> {
  const { model, shares, begin, quota, random } = options;
  const recent: ValidRecord<Event>[] = [];
  let valid = 0;
  let made = 0;

  while (made < quota) {
    const limit = quota - made;
    const user = options.drawUser(random);
    const burstStart = begin + made;
    const drafts = model.burst({ random, user, sequence: burstStart, sessionId: options.sessionId(burstStart), limit });
    // Uploads spread over the block as its records do, each within what its burst takes: so they rise with the sequence.
    const timestamp = options.time + Math.floor((BLOCK_MS * (made + random() * drafts.length)) / quota);
    const started = timestamp - drafts.at(-1)!.at - (random() < shares.late ? between(random, MS_PER_DAY, 3 * MS_PER_DAY) : 0);

    for (const { at, value } of drafts) {
      while (recent.length > 0 && made < quota && random() < shares.duplicate) {
        const original = pick(random, recent);
        yield { ...original, sequence: begin + made++, timestamp };
      }
      if (made === quota) break;
      const sequence = begin + made++;
      const key = value.user_id;
      value.event_id = options.eventId(sequence);
      value.occurred_at = options.instantText(started + at);
      if (random() < shares.malformed) {
        yield { sequence, key, timestamp, raw: malformedText(value, random) };
      } else {
        const record = { sequence, key, timestamp, value };
        recent[valid++ % RECENT] = record;
        yield record;
      }
    }
  }
}
