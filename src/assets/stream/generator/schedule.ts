import { MINUTES_PER_DAY } from './daily-curve.ts';

/** Length of a block of simulated time. */
export const BLOCK_MS = 60_000;

export interface ScheduleOptions {
  /** Where the stream begins, in milliseconds since the epoch; a block counts whole, so the minute decides. */
  readonly origin: number;
  /** Length of the time over which `events` records come, in milliseconds. */
  readonly span: number;
  readonly events: number;
  /** Relative rate at each minute of a UTC day: whole numbers above zero. */
  readonly demand: readonly number[];
  /** Records come in lots of this size, so that a thin stream has whole sessions now and then, not one record a minute. */
  readonly lot: number;
}

/** Which records belong to which block, known without making any. Blocks are numbered by minutes since the epoch. */
export interface Schedule {
  readonly firstBlock: number;
  /** The sequence number of the block's first record: never falls from block to block, and `events` records lie in each span. */
  readonly startOf: (block: number) => number;
  /** The block below `end` that holds the record; `end` where none does. */
  readonly blockOf: (sequence: number, end: number) => number;
}

export function createSchedule({ origin, span, events, demand, lot }: ScheduleOptions): Schedule {
  const firstBlock = blockAt(origin);
  const perDay = demand.reduce((sum, rate) => sum + rate, 0);
  const beforeMinute = [...runningSums(demand)];
  /** Exact, since all are whole numbers. */
  const demandBefore = (block: number): number => Math.floor(block / MINUTES_PER_DAY) * perDay + beforeMinute[block % MINUTES_PER_DAY]!;
  const atOrigin = demandBefore(firstBlock);
  const perSpan = demandBefore(blockAt(origin + span)) - atOrigin;
  if (perSpan <= 0) throw new RangeError(`The span of a stream must hold at least one whole minute, but it is ${span} ms: make it longer.`);

  const startOf = (block: number): number => {
    const passed = Math.max(0, demandBefore(block) - atOrigin);
    const rest = passed % perSpan;
    const spans = (passed - rest) / perSpan;
    return spans * events + Math.floor(((rest / perSpan) * events) / lot) * lot;
  };

  return {
    firstBlock,
    startOf,
    blockOf: (sequence, end) => {
      let low = firstBlock;
      let high = Math.max(firstBlock, end);
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if (startOf(middle + 1) > sequence) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** The block that an instant lies in, which is also the first that is not complete by then. */
export function blockAt(instant: number): number {
  return Math.floor(instant / BLOCK_MS);
}

function* runningSums(values: readonly number[]): Iterable<number> {
  let sum = 0;
  for (const value of values) {
    yield sum;
    sum += value;
  }
}
