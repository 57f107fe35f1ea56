import type { Clock } from '../resource/clock.ts';

/** What one evaluation of the conditions came to. */
export interface Evaluation {
  /** The subjects that fired and were answered. */
  readonly fired: readonly string[];
  readonly nextTick: Date | undefined;
}

export interface LoopOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds between evaluations, at most. */
  readonly interval: number;
  /** Asks the conditions and starts the runs that answer what fires. */
  evaluate(): Promise<Evaluation>;
  /** Is told of an evaluation that threw, and in how many milliseconds it is tried again. */
  failed(error: unknown, delay: number): void;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 300_000;

/** Milliseconds to wait after so many failures before: a second, then twice as long each time, five minutes at most. */
export const backoffDelay = (failures: number): number => Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures);

/** Evaluates until the signal: at once after runs, since what they made may fire more; else at the next tick of a schedule or after the interval, whichever is first. */
export async function evaluateForever({ clock, signal, interval, evaluate, failed }: LoopOptions): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let pause = interval;
    try {
      const nextTick = await settle(evaluate, signal);
      failures = 0;
      if (nextTick !== undefined) pause = Math.min(interval, nextTick.getTime() - clock.now().getTime());
    } catch (error) {
      if (signal.aborted) return;
      pause = backoffDelay(failures++);
      failed(error, pause);
    }
    await clock.sleep(Math.max(1, pause), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Evaluates as long as that makes something fire that had not fired yet; then gives the next tick. What fires twice in a row has to wait for the next round. */
export async function settle(evaluate: LoopOptions['evaluate'], signal: AbortSignal): Promise<Date | undefined> {
  const fired = new Set<string>();
  for (;;) {
    const evaluation = await evaluate();
    const news = evaluation.fired.filter((subject) => !fired.has(subject));
    for (const subject of news) fired.add(subject);
    if (news.length === 0 || signal.aborted) return evaluation.nextTick;
  }
}
