import { makeTracks } from '../../../src/assets/catalogue/tracks.ts';
import { makeUsers } from '../../../src/assets/catalogue/users.ts';
import { ListeningEvent } from '../../../src/assets/schemas/listening-event.ts';
import { UserActivity } from '../../../src/assets/schemas/user-activity.ts';
import { listeningEvents } from '../../../src/assets/stream/generator/listening-events.ts';
import type { StreamOptions } from '../../../src/assets/stream/generator/stream-record.ts';
import { userActivity } from '../../../src/assets/stream/generator/user-activity.ts';
import { parseDuration, type Duration } from '../../../src/runtime/declare/duration.ts';
import { headLink, parseChainKey } from '../../../src/runtime/landing/chain.ts';
import { rowValidator } from '../../../src/runtime/schema/row-validator.ts';
import { provenance } from '../../../src/runtime/store/produce.ts';
import type { Counting, StreamName } from './account.ts';
import { compareSets, type Difference } from './difference.ts';
import type { Rig } from './pipeline-run.ts';
import type { Stores } from './stores.ts';

interface KeptRecord {
  readonly partition: number;
  readonly offset: number;
  readonly generator: string;
  readonly sequence: number;
  readonly text: string;
}

const GENERATORS = {
  listening_events: { generate: listeningEvents, schema: ListeningEvent },
  user_activity: { generate: userActivity, schema: UserActivity },
} as const;
/** As the catalogue and the generators have them unless they are told otherwise. */
const SEED = 7;
const BEFORE = Date.parse('2026-01-01');

/** What the generators choose from. */
export async function makeCatalogue(): Promise<StreamOptions['catalogue']> {
  return {
    users: await makeUsers({ seed: SEED, size: 20_000, before: BEFORE }),
    tracks: await makeTracks({ seed: SEED, size: 5_000, before: BEFORE }),
  };
}

export async function readTopic({ broker }: Stores, topic: StreamName): Promise<readonly KeptRecord[]> {
  const kept: KeptRecord[] = [];
  for (const { partition, start, end } of await broker.offsets(topic)) {
    for await (const batch of broker.read(topic, partition, { from: start, to: end })) {
      for (const { offset, headers, value } of batch) {
        const { generator, sequence } = provenance(headers) ?? { generator: 'unknown', sequence: -1 };
        kept.push({ partition, offset, generator, sequence, text: Buffer.from(value ?? '').toString() });
      }
    }
  }
  return kept;
}

/** The records of the topic against those that the generator makes when it is asked anew: by sequence and content. */
export function generatedDifference(
  { events, span: spanText }: Rig,
  { first, last, catalogue }: Counting,
  { topic, kept }: { readonly topic: StreamName; readonly kept: readonly KeptRecord[] },
): Difference {
  const span = parseDuration(spanText as Duration);
  const since = Date.parse(first) - span;
  const origin = since - (since % 60_000);
  const { generate, schema } = GENERATORS[topic];
  const validate = rowValidator(schema, topic);
  const made = generate({ seed: SEED, origin, events, span, until: Date.parse(last), catalogue });
  const name = (sequence: number, text: string) => `${sequence} ${text}`;
  return compareSets(
    [...made].map((record) =>
      name(record.sequence, 'raw' in record ? record.raw : JSON.stringify(validate(record.value, record.sequence))),
    ),
    kept.map(({ sequence, text }) => name(sequence, text)),
  );
}

/** The records of the topic against bronze rows and dead letters together, by partition and offset. */
export async function bronzeDifference({ warehouse }: Stores, topic: StreamName, kept: readonly KeptRecord[]): Promise<Difference> {
  const places = await warehouse.query(
    `select _topic || '/' || _partition || '/' || _offset as place from bronze.${topic}
     union all
     select topic || '/' || "partition" || '/' || "offset" from bronze.dead_letters where topic = ?`,
    [topic],
  );
  return compareSets(
    kept.map(({ partition, offset }) => `${topic}/${partition}/${offset}`),
    places.map(({ place }) => String(place)),
  );
}

/** Each object of the chain begins where the one before ended, holds as many records as its metadata says, and the last ends with the topic. */
export async function chainProblems(
  { lake, broker }: Stores,
  { topic, chain }: { readonly topic: StreamName; readonly chain: string },
): Promise<readonly string[]> {
  const problems: string[] = [];
  const expected = new Map<number, number>();
  for await (const { key } of lake.list(`${chain}/`)) {
    const place = parseChainKey(key);
    if (place === undefined) continue;
    const { last, rows, rejected } = await headLink(lake, key);
    const next = expected.get(place.partition) ?? 0;
    if (place.first !== next) problems.push(`${key} follows an object that ends at ${next - 1}`);
    if (rows + rejected !== last - place.first + 1) problems.push(`${key} tells of ${rows + rejected} records up to ${last}`);
    expected.set(place.partition, last + 1);
  }
  for (const { partition, end } of await broker.offsets(topic))
    if ((expected.get(partition) ?? 0) !== end)
      problems.push(`the chain of ${topic}/${partition} ends at ${expected.get(partition)} of ${end}`);
  return problems;
}
