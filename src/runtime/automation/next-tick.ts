import type { Graph } from '../graph/graph.ts';
import { cronOf, nextTick } from './cron.ts';
import { jobSubject } from './facts.ts';

/** The first tick after `now` of any schedule in the conditions that are followed; undefined where there is none. */
export function nextTickOf(graph: Graph, now: Date, follows: (subject: string) => boolean = () => true): Date | undefined {
  const conditions = [
    ...graph.jobs.map(({ name, automation }) => ({ subject: jobSubject(name), automation })),
    ...graph.assets.map(({ key, automation }) => ({ subject: key, automation })),
  ];
  const schedules = new Map(
    conditions.flatMap(({ subject, automation }) =>
      automation === undefined || !follows(subject)
        ? []
        : cronOf(automation).map((schedule) => [`${schedule.cron}\n${schedule.timezone}`, schedule] as const),
    ),
  );
  let first: Date | undefined;
  for (const schedule of schedules.values()) {
    const tick = nextTick(schedule, now);
    if (tick !== undefined && (first === undefined || tick < first)) first = tick;
  }
  return first;
}
