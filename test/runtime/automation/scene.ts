import { z } from 'zod';
import { materialize, value, type Asset, type Job, type RunStore } from 'spindle';
import { automation, createMemoryRunStore, ephemeral } from 'spindle/testing';

export const number = () => value(z.number());
export const at = (time: string) => `2026-01-05T${time}:00Z`;

/** Some assets with a run store, at instants of one day: what their conditions say, what fires is recorded, what is run is run. */
export function scene<const A extends readonly Asset[]>(assets: A, { jobs = [] }: { jobs?: readonly Job[] } = {}) {
  const runStore = createMemoryRunStore();
  const { resources } = ephemeral();
  const ask = (time: string) => automation(assets, { jobs, runStore, now: at(time) });
  return {
    runStore,
    ask,
    async fire(time: string) {
      const report = await ask(time);
      await runStore.append(report.events);
      return report.fires;
    },
    run: (select: string, time: string, config: Parameters<typeof automation>[1]['config'] = []) =>
      materialize(assets, { resources, now: at(time), runStore, select, config } as never),
  };
}

/** The daemon in small: fires and runs until nothing fires. */
export async function follow(
  {
    runStore,
    ask,
    run,
  }: { runStore: RunStore; ask(time: string): ReturnType<typeof automation>; run(select: string, time: string): Promise<unknown> },
  time: string,
) {
  const rounds: string[][] = [];
  for (let round = 0; round < 10; round++) {
    const report = await ask(time);
    if (report.fires.length === 0) return rounds;
    await runStore.append(report.events);
    rounds.push(report.runs.map(({ keys }) => keys.join(' ')));
    for (const { keys } of report.runs) await run(keys.join(' '), time);
  }
  throw new Error(`It never settles: ${JSON.stringify(rounds)}`);
}
