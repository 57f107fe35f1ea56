import type { Faults } from '../resource/faults.ts';
import type { ObjectStore } from '../resource/object-store.ts';
import { CompressedLines } from '../store/compressed-lines.ts';
import { listReplays, parseReplayKey, readReplayPlaces, replayKey, replayMetadata, type ReplayedIncarnation } from './replay-object.ts';

/** When a replay is closed. */
const ROTATION = { records: 50_000, characters: 16 << 20 } as const;

export interface ReplayTools {
  readonly lake: ObjectStore;
  readonly signal: AbortSignal;
  readonly faults: Faults;
}

/** Writes the next replays of one incarnation. */
export interface ReplayWriter {
  /** The replay that holds the record, whoever wrote it. */
  holder(place: string): string | undefined;
  /** Gathers a record that no replay holds. */
  add(place: string, line: string): Promise<void>;
  /** Writes what is gathered. */
  flush(): Promise<void>;
}

/**
 * Reads which records the replays of the incarnation hold, then goes on behind the last one. A number that somebody else took meanwhile is adopted: what that replay holds is
 * left out, and the rest gets the next number. So no record comes to lie in two replays, however many write at once.
 */
export async function openReplayWriter({ lake, signal, faults }: ReplayTools, incarnation: ReplayedIncarnation): Promise<ReplayWriter> {
  const held = new Map<string, string>();
  let gathered: { readonly place: string; readonly line: string }[] = [];
  let characters = 0;
  let next = 1;
  const adopt = async (key: string): Promise<void> => {
    for (const place of await readReplayPlaces(lake, key)) held.set(place, key);
    next = (parseReplayKey(key)?.number ?? 0) + 1;
  };
  const put = async (): Promise<void> => {
    const lines = new CompressedLines(incarnation.compression);
    for (const { line } of gathered) {
      lines.add(line);
      await lines.settled();
    }
    const body = await lines.finish();
    const key = replayKey(incarnation, next);
    const metadata = replayMetadata({ number: next, rows: gathered.length, bytes: body.length });
    faults('replay.before-put');
    const made = await lake.putIfAbsent(key, body, metadata);
    faults('replay.after-put');
    if (made === 'exists') return adopt(key);
    for (const { place } of gathered) held.set(place, key);
    next++;
  };
  const flush = async (): Promise<void> => {
    while (gathered.length > 0) {
      signal.throwIfAborted();
      await put();
      gathered = gathered.filter(({ place }) => !held.has(place));
    }
    characters = 0;
  };
  for await (const { key } of listReplays(lake, incarnation, signal)) await adopt(key);
  return {
    holder: (place) => held.get(place),
    async add(place, line) {
      gathered.push({ place, line });
      characters += line.length;
      if (gathered.length >= ROTATION.records || characters >= ROTATION.characters) await flush();
    },
    flush,
  };
}
