import { SpindleError } from '../errors.ts';
import type { Row } from '../store/row.ts';
import { parseChainKey } from './chain.ts';
import { readFlagged } from './flagged.ts';
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

/**
 * Writes the dead letters that pass by now as replays into the lake, with the topic, partition, offset and time that they came with. The next load of each table takes them in: see
 * `LoadObject.resolves`. What an interrupted call wrote is found by the next one, and not written again.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { lake, topic, schema, dryRun, signal } = options;
  const judge = createJudge(topic, schema);
  const seen = new Set<string>();
  const reasons = new Map<string, number>();
  const counts = { passing: 0, waiting: 0, failing: 0 };
  const held: { readonly writer: ReplayWriter; readonly place: string }[] = [];
  const writers = new Map<string, Promise<ReplayWriter>>();
  const writerOf = (object: string): Promise<ReplayWriter> => {
    const chain = parseChainKey(object);
    if (chain === undefined)
      throw new SpindleError('OBJECT_UNREADABLE', `The object ${object}, which dead letters name, is no object of a chain.`, {
        remedy: 'Leave them out of the replay, with --topic or --select.',
      });
    const name = `${chain.prefix}/${chain.topic}/${chain.incarnation}`;
    const writer = writers.get(name) ?? openReplayWriter(options, chain);
    writers.set(name, writer);
    return writer;
  };

  const replayFrom = async (object: string, offsets: ReadonlySet<number>): Promise<void> => {
    signal.throwIfAborted();
    const writer = await writerOf(object);
    let found = 0;
    for (const flagged of await readFlagged(lake, object)) {
      const { partition, offset } = flagged.record;
      if (!offsets.has(offset)) continue;
      found++;
      const place = placeName(partition, offset);
      if (seen.has(`${object} ${offset}`)) continue;
      seen.add(`${object} ${offset}`);
      if (writer.holder(place) !== undefined) {
        counts.waiting++;
        held.push({ writer, place });
        continue;
      }
      const verdict = judge(flagged);
      if (verdict.passes) {
        counts.passing++;
        if (dryRun) continue;
        held.push({ writer, place });
        await writer.add(place, verdict.line);
      } else {
        counts.failing++;
        for (const kind of new Set(verdict.reasons.map(reasonKind))) reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
      }
    }
    if (found < offsets.size)
      throw new SpindleError('OBJECT_UNREADABLE', `The object ${object} does not hold the records any more that were set aside in it.`, {
        remedy: 'The object was changed after it was loaded: restore it from a copy, then run the same command again.',
      });
  };

  let current: { readonly object: string; readonly offsets: Set<number> } | undefined;
  for await (const { object, offset } of options.letters) {
    if (current !== undefined && current.object !== object) {
      await replayFrom(current.object, current.offsets);
      current = undefined;
    }
    current ??= { object, offsets: new Set() };
    current.offsets.add(offset);
  }
  if (current !== undefined) await replayFrom(current.object, current.offsets);
  for (const writer of writers.values()) await (await writer).flush();
  const replays = new Set(held.flatMap(({ writer, place }) => writer.holder(place) ?? []));
  return { ...counts, reasons, replays: [...replays].toSorted() };
}
