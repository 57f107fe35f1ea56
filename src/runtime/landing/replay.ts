import { SpindleError } from '../errors.ts';
import type { Row } from '../store/row.ts';
import { incarnationPrefix, parseChainKey } from './chain.ts';
import { readFlagged, type FlaggedRecord } from './flagged.ts';
import { createJudge, reasonKind } from './judge.ts';
import { openReplayWriter, type ReplayTools, type ReplayWriter } from './replay-writer.ts';
import { placeName } from './replay-object.ts';

/** Where a dead letter is: `object` is the key of the object that carried it. */
export interface DeadLetterPlace {
  readonly object: string;
  readonly partition: number;
  readonly offset: number;
}

export interface ReplayOptions extends ReplayTools {
  readonly topic: string;
  readonly schema: Row;
  /** Dead letters of one landing, those of an object one after the other. One that comes twice counts once. */
  readonly letters: AsyncIterable<DeadLetterPlace>;
  /** Counts, and writes nothing. */
  readonly dryRun: boolean;
}

/** What became of the dead letters. */
export interface Replayed {
  /** Those that pass now, and were not in a replay yet. */
  readonly passing: number;
  /** Those that lie in a replay already: it is not loaded yet. */
  readonly waiting: number;
  /** Those that still fail: they stay as they are. */
  readonly failing: number;
  /** Of those that still fail: how many records have each reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** The keys of the replays that hold those that pass or wait, sorted. */
  readonly replays: readonly string[];
}

/** The replays of one incarnation, and the records of it that were looked at. */
interface Incarnation {
  readonly writer: ReplayWriter;
  readonly seen: Set<string>;
}

/**
 * Writes the dead letters that pass by now as replays into the lake, with the topic, partition, offset and time that they came with. The next load of each table takes them in: see
 * `LoadObject.resolves`. What an interrupted call wrote is found by the next one, and not written again.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { lake, topic, schema, dryRun, signal } = options;
  const judge = createJudge(topic, schema);
  const reasons = new Map<string, number>();
  const counts = { passing: 0, waiting: 0, failing: 0 };
  const incarnations = new Map<string, Incarnation>();

  const incarnationOf = async (object: string): Promise<Incarnation> => {
    const chain = parseChainKey(object);
    if (chain === undefined) throw foreign(object);
    const prefix = incarnationPrefix(chain);
    const incarnation = incarnations.get(prefix) ?? { writer: await openReplayWriter(options, chain), seen: new Set() };
    incarnations.set(prefix, incarnation);
    return incarnation;
  };
  const take = async ({ writer, seen }: Incarnation, flagged: FlaggedRecord): Promise<void> => {
    const place = placeName(flagged.record.partition, flagged.record.offset);
    if (seen.has(place)) return;
    seen.add(place);
    if (writer.holder(place) !== undefined) {
      counts.waiting++;
      return;
    }
    const verdict = judge(flagged);
    if (verdict.passes) {
      counts.passing++;
      if (!dryRun) await writer.add(place, verdict.line);
    } else {
      counts.failing++;
      for (const kind of new Set(verdict.reasons.map(reasonKind))) reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
    }
  };

  for await (const { object, offsets } of byObject(options.letters)) {
    signal.throwIfAborted();
    const incarnation = await incarnationOf(object);
    const wanted = (await readFlagged(lake, object)).filter(({ record }) => offsets.has(record.offset));
    if (wanted.length < offsets.size) throw changed(object);
    for (const flagged of wanted) await take(incarnation, flagged);
  }
  const replays = new Set<string>();
  for (const { writer, seen } of incarnations.values()) {
    await writer.flush();
    for (const place of seen) {
      const holder = writer.holder(place);
      if (holder !== undefined) replays.add(holder);
    }
  }
  return { ...counts, reasons, replays: [...replays].toSorted() };
}

/** The offsets of the letters, object by object. */
async function* byObject(
  letters: AsyncIterable<DeadLetterPlace>,
): AsyncIterable<{ readonly object: string; readonly offsets: ReadonlySet<number> }> {
  let current: { readonly object: string; readonly offsets: Set<number> } | undefined;
  for await (const { object, offset } of letters) {
    if (current !== undefined && current.object !== object) {
      yield current;
      current = undefined;
    }
    current ??= { object, offsets: new Set() };
    current.offsets.add(offset);
  }
  if (current !== undefined) yield current;
}

const foreign = (object: string): SpindleError =>
  new SpindleError('OBJECT_UNREADABLE', `The object ${object}, which dead letters name, is no object of a chain.`, {
    remedy:
      'Leave them out of the replay, with --topic or --select. A file from elsewhere is mended where it comes from: put a corrected one in its place, and the next load replaces what it brought.',
  });

const changed = (object: string): SpindleError =>
  new SpindleError('OBJECT_UNREADABLE', `The object ${object} does not hold the records any more that were set aside in it.`, {
    remedy: 'The object was changed after it was loaded: restore it from a copy, then run the same command again.',
  });
