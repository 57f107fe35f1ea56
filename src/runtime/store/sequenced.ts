/** Where a generator's records end in a topic: the sequence up to which all of them are kept, and the state they carry. */
export interface Resume {
  readonly sequence: number;
  readonly state: string;
}

/** One record of a generator: a row, or raw text that is sent as it is (to simulate a broken producer). Sequences ascend. */
export type SequencedRecord<T> = {
  readonly sequence: number;
  readonly key?: string | null;
  /** Milliseconds since the epoch. */ readonly timestamp?: number;
} & ({ readonly value: T } | { readonly raw: string });

/**
 * Rows of a generator that can go on from where it stopped, whoever stopped it: every record carries the generator's name, its
 * sequence and a state of the generator's own, so a rerun reads the ends of the topic's partitions and produces only what is missing.
 */
export interface Sequenced<T> {
  readonly generator: string;
  /** Partitions of the topic, in place of those that its store declares. */
  readonly partitions?: number;
  /** The records behind `resume.sequence` (from the first on where there is none): the same ones, however often it is asked. */
  start(resume: Resume | undefined): {
    readonly state: string;
    readonly records: Iterable<SequencedRecord<T>> | AsyncIterable<SequencedRecord<T>>;
  };
}

export function isSequenced<T>(value: unknown): value is Sequenced<T> {
  return typeof value === 'object' && value !== null && 'generator' in value && 'start' in value;
}

/** Plain rows as a generator: their place in the list is their sequence. */
export function sequenceRows<T>(generator: string, rows: Iterable<T> | AsyncIterable<T>): Sequenced<T> {
  return {
    generator,
    start: () => ({ state: '', records: Symbol.iterator in rows ? numbered(rows) : numberedAsync(rows) }),
  };
}

function* numbered<T>(rows: Iterable<T>): Iterable<SequencedRecord<T>> {
  let sequence = 0;
  for (const value of rows) yield { sequence: sequence++, value };
}

async function* numberedAsync<T>(rows: AsyncIterable<T>): AsyncIterable<SequencedRecord<T>> {
  let sequence = 0;
  for await (const value of rows) yield { sequence: sequence++, value };
}
