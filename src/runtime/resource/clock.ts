/** Time as a run sees it: a test fixes it. */
export interface Clock {
  now(): Date;
  /** Milliseconds from some moment on, for durations: never goes back. */
  elapsed(): number;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
