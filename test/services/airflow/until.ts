import { setTimeout as delay } from 'node:timers/promises';

/** Asks until there is an answer other than undefined. Fails, with the components' logs, after some seconds (120) or once a component has ended. */
export type Until = <T>(what: string, probe: () => Promise<T | undefined>, seconds?: number) => Promise<T>;

export const createUntil =
  (failure: () => string | undefined, logs: () => Promise<string>): Until =>
  async (what, probe, seconds = 120) => {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const answer = await probe();
      if (answer !== undefined) return answer;
      const failed = failure();
      if (failed !== undefined) throw new Error(`Airflow failed: ${failed}\n${await logs()}`);
      if (performance.now() > end) throw new Error(`Waited ${seconds} s for ${what}.\n${await logs()}`);
      await delay(100);
    }
  };
