import { createHash } from 'node:crypto';
import { parseDuration, type Duration, type Sequenced, type SequencedRecord } from 'spindle';
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
  signal,
  now,
  generate,
}: EventStream<Event>): Sequenced<Event> {
  const { rate, span: spanText, seed, events, partitions, key, ...shares } = config;
  const span = parseDuration(spanText as Duration);
  return {
    generator: `${name}#${fingerprint({ seed, events, span: spanText, partitions, key, ...shares })}`,
    partitions,
    start(resume) {
      const until = now().getTime();
      const origin = resume === undefined ? minute(until - span) : Date.parse(resume.state);
      const made = generate({ seed, origin, events, span, until, shares, catalogue, ...(resume && { after: resume.sequence }) });
      const records = keyed(made, key);
      return { state: new Date(origin).toISOString(), records: rate === 0 ? records : pace(records, rate, signal) };
    },
  };
}

/** Another setting makes other records, and so another generator. The pace does not matter. */
const fingerprint = (settings: object): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 12);

const minute = (instant: number): number => instant - (instant % 60_000);

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
