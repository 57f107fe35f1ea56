import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { parseDuration, type Duration, type Sequenced, type SequencedRecord, type StreamInfo } from 'spindle';
import type { StreamOptions, StreamRecord } from './generator/stream-record.ts';
import type { GeneratorConfig } from './generator-config.ts';
import { pace } from './pace.ts';

interface KeyFields {
  readonly event_id: string;
  readonly session_id?: string | null | undefined;
}

export interface EventStream<Event> {
  readonly name: string;
  readonly config: GeneratorConfig;
  readonly catalogue: StreamOptions['catalogue'];
  /** Set where the stream is kept running: it then has no end, and as many events a second as are wanted. */
  readonly stream: StreamInfo | undefined;
  readonly signal: AbortSignal;
  now(): Date;
  generate(options: StreamOptions): Iterable<StreamRecord<Event>>;
}

/**
 * A generator as the topic store takes it. Its first run decides where simulated time begins, and every record carries that on; so a
 * later run makes the events since the last one, and a run that was killed is finished by the next.
 */
export function eventStream<Event extends KeyFields>({
  name,
  config,
  catalogue,
  stream,
  signal,
  now,
  generate,
}: EventStream<Event>): Sequenced<Event> {
  const { rate, span: spanText, seed, events, partitions, key, even, ...shares } = density(config, stream?.rate);
  const span = parseDuration(spanText as Duration);
  return {
    generator: `${name}#${fingerprint({ seed, events, span: spanText, partitions, key, ...(even && { even }), ...shares })}`,
    partitions,
    start(resume) {
      const until = now().getTime();
      // At a rate that is wanted, there is no past to make.
      const first = stream?.rate === undefined ? minute(until - span) : minute(until);
      const origin = resume === undefined ? first : Date.parse(resume.state);
      const state = new Date(origin).toISOString();
      const made = { seed, origin, events, span, shares, even, catalogue };
      if (stream !== undefined) {
        const minuteOf = (after: number, end: number) => generate({ ...made, until: end, after });
        return { state, records: follow(minuteOf, { after: resume?.sequence ?? -1, now, signal, key }) };
      }
      const records = keyed(generate({ ...made, until, ...(resume && { after: resume.sequence }) }), key);
      return { state, records: rate === 0 ? records : pace(records, rate, signal) };
    },
  };
}

/** With a rate that is wanted, as many events lie in each minute, by day and by night: simulated time then passes as time does. */
const density = (config: GeneratorConfig, rate: number | undefined): GeneratorConfig & { readonly even: boolean } =>
  rate === undefined ? { ...config, even: false } : { ...config, events: rate * 60, span: '1m', even: true };

interface Following {
  /** The last sequence number that is already there. */
  readonly after: number;
  readonly signal: AbortSignal;
  readonly key: GeneratorConfig['key'];
  now(): Date;
}

/** The records without end: those of the minute that has begun too, each of which is held back until its time has come. */
async function* follow<Event extends KeyFields>(
  minuteOf: (after: number, until: number) => Iterable<StreamRecord<Event>>,
  { after, signal, key, now }: Following,
): AsyncIterable<SequencedRecord<Event>> {
  let last = after;
  while (!signal.aborted) {
    const end = minute(now().getTime()) + MINUTE;
    for (const record of keyed(minuteOf(last, end), key)) {
      last = record.sequence;
      yield record;
    }
    // The last records of a minute are held back almost until it is over.
    await setTimeout(Math.max(0, end - now().getTime()), undefined, { signal }).catch(() => {}); // the end is no error
  }
}

/** Another setting makes other records, and so another generator. The pace does not matter. */
const fingerprint = (settings: object): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);

const MINUTE = 60_000;
const minute = (instant: number): number => instant - (instant % MINUTE);

function* keyed<Event extends KeyFields>(
  records: Iterable<StreamRecord<Event>>,
  key: GeneratorConfig['key'],
): Iterable<SequencedRecord<Event>> {
  if (key === 'user_id') yield* records;
  else for (const record of records) yield { ...record, key: keyOf(record, key) };
}

/** A broken record has no fields to choose by: it keeps the user's. */
function keyOf<Event extends KeyFields>(record: StreamRecord<Event>, key: Exclude<GeneratorConfig['key'], 'user_id'>): string | null {
  if (key === 'none') return null;
  return 'value' in record ? (record.value[key] ?? record.key) : record.key;
}
