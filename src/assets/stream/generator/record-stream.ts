import { createAudience } from './audience.ts';
import { makeBlock } from './block.ts';
import { MINUTES_PER_DAY } from './daily-curve.ts';
import { createIdentifiers } from './identifiers.ts';
import { createInstantText } from './instant-text.ts';
import type { EventFields } from './malformed.ts';
import { createRandom, seedWords } from './random.ts';
import { BLOCK_MS, blockAt, createSchedule } from './schedule.ts';
import { StreamShares } from './shares.ts';
import type { StreamModel, StreamOptions, StreamRecord } from './stream-record.ts';

const EVEN: readonly number[] = Array.from({ length: MINUTES_PER_DAY }, () => 1);

/**
 * The records from `after + 1` up to the last whole minute before `until`, in order of sequence and of upload. A minute is made from the seed and
 * its own number only: so a stream can be taken up at any record, and what was made never changes as time passes.
 */
export function* recordStream<Event extends EventFields>(
  options: StreamOptions,
  model: StreamModel<Event>,
): Generator<StreamRecord<Event>, void> {
  const { seed, origin, events, span, until, after = -1, even = false, catalogue } = options;
  const shares = StreamShares.parse(options.shares ?? {});
  const words = seedWords(model.name, seed);
  const eventId = createIdentifiers(model.name, 'event', seed, origin, events, span);
  const sessionId = createIdentifiers(model.name, 'session', seed, origin, events, span);
  const instantText = createInstantText();
  const audience = createAudience(catalogue.users);
  const demand = even ? EVEN : audience.demand(origin);
  const schedule = createSchedule({ origin, span, events, demand, lot: model.lot });

  const end = blockAt(until);
  for (let block = schedule.blockOf(after + 1, end); block < end; block += 1) {
    const begin = schedule.startOf(block);
    const quota = schedule.startOf(block + 1) - begin;
    if (quota === 0) continue;
    const time = block * BLOCK_MS;
    const random = createRandom(words, block);
    const records = makeBlock({
      model,
      shares,
      eventId,
      sessionId,
      instantText,
      begin,
      quota,
      time,
      random,
      drawUser: audience.listeningAt(time),
    });
    for (const record of records) if (record.sequence > after) yield record;
  }
}
