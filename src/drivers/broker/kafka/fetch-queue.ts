import type { Cluster, Lane } from './cluster.ts';
import { decodeFetch, encodeFetch, FETCH, type FetchedPartition, type FetchPartition } from './wire/fetch.ts';

/** Bytes that all partitions that are read may bring at once: with more partitions, each brings less. */
const TOTAL_BYTES = 4 << 20;
const MOST_PARTITION_BYTES = 1 << 20;
const LEAST_PARTITION_BYTES = 64 << 10;
/** Kafka's error code for what it has no other one for. */
const UNKNOWN = -1;
/** How long a broker waits for records. Who joins meanwhile waits for the rest of that: short enough not to be noticed, and still few requests. */
const WAIT_MILLISECONDS = 200;

export interface Fetch extends FetchPartition {
  /** Whether the last answer had no room for it: then it comes first. */
  readonly starved: boolean;
  readonly signal: AbortSignal;
}

/** The answer for a partition; its bytes are its own. */
export interface Answer extends FetchedPartition {
  /** Whether the broker left nothing out for want of room in its answer. */
  readonly first: boolean;
}

interface Asked extends Fetch {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * The fetches from one broker over one connection: all that are asked for at a time go in one request, so that a partition without records holds up none
 * that has some. In the `bulk` lane the broker waits for records, in the `control` lane it answers at once.
 */
export class FetchQueue {
  readonly #cluster: Cluster;
  readonly #broker: number;
  readonly #lane: Lane;
  readonly #readers: () => number;
  #asked: Asked[] = [];
  #busy = false;

  /** `readers` counts the partitions that are being read, among which the memory is divided. */
  constructor(
    cluster: Cluster,
    { broker, lane, readers }: { readonly broker: number; readonly lane: Lane; readonly readers: () => number },
  ) {
    this.#cluster = cluster;
    this.#broker = broker;
    this.#lane = lane;
    this.#readers = readers;
  }

  ask(fetch: Fetch): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ ...fetch, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      // the others that the last answer served ask in this turn too
      setImmediate(() => void this.#serve());
    });
  }

  async #serve(): Promise<void> {
    while (this.#asked.length > 0) {
      const round = this.#takeRound();
      if (round.length > 0) await this.#fetch(round);
      await new Promise(setImmediate);
    }
    this.#busy = false;
  }

  /** All that is asked for, except a partition's second fetch: a request names a partition once. Nobody waits any more for those that were aborted. */
  #takeRound(): readonly Asked[] {
    const partitions = new Set<string>();
    const round: Asked[] = [];
    const later: Asked[] = [];
    for (const asked of this.#asked) {
      const partition = `${asked.topic}/${asked.partition}`;
      if (asked.signal.aborted) continue;
      if (partitions.has(partition)) later.push(asked);
      else round.push(asked);
      partitions.add(partition);
    }
    this.#asked = later;
    return round.toSorted((a, b) => Number(b.starved) - Number(a.starved));
  }

  async #fetch(round: readonly Asked[]): Promise<void> {
    const share = Math.floor(TOTAL_BYTES / Math.max(this.#readers(), 1));
    try {
      const body = encodeFetch(round, {
        waitMilliseconds: this.#lane === 'bulk' ? WAIT_MILLISECONDS : 0,
        partitionBytes: Math.min(Math.max(share, LEAST_PARTITION_BYTES), MOST_PARTITION_BYTES),
        totalBytes: TOTAL_BYTES,
      });
      const bytes = await this.#cluster.at(this.#broker, this.#lane, (node) => node.send(FETCH, body, { fetches: true }));
      const { errorCode, partitions } = decodeFetch(bytes);
      if (errorCode !== 0) throw this.#cluster.errorOf(errorCode);
      const answers = new Map(partitions.map((answer) => [`${answer.topic}/${answer.partition}`, answer]));
      for (const [i, asked] of round.entries()) {
        const answer = answers.get(`${asked.topic}/${asked.partition}`);
        if (answer === undefined) throw this.#cluster.errorOf(UNKNOWN);
        // a view would keep the bytes of all the other partitions as long as its own
        asked.resolve({ ...answer, records: Buffer.from(answer.records), first: i === 0 });
      }
    } catch (error) {
      for (const { reject } of round) reject(error);
    }
  }
}
