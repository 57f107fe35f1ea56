import { Cron } from 'croner';
import { SpindleError } from '../errors.ts';
import type { Condition } from './condition.ts';

/** A five-field cron expression, read in the wall clock of a time zone. */
export interface CronSchedule {
  readonly cron: string;
  readonly timezone: string;
}

// A time that a clock change skips ticks at the change; one that it repeats ticks the first time, unless every hour ticks.

/** The latest tick at or before `now`; undefined where there was none. CRON_INVALID for an expression that cannot be read. */
export function previousTick(schedule: CronSchedule, now: Date): Date | undefined {
  // croner looks strictly before its reference.
  return parseCron(schedule).previousRuns(1, new Date(now.getTime() + 1))[0];
}

/** The first tick after `now`; undefined where there is none. */
export function nextTick(schedule: CronSchedule, now: Date): Date | undefined {
  return parseCron(schedule).nextRun(now) ?? undefined;
}

/** The latest tick at or before one instant, of any schedule: found once for each, since many assets share one. */
export function createTicks(now: Date): (schedule: CronSchedule) => Date | undefined {
  const known = new Map<string, Date | undefined>();
  return (schedule) => {
    const name = `${schedule.cron}\n${schedule.timezone}`;
    if (!known.has(name)) known.set(name, previousTick(schedule, now));
    return known.get(name);
  };
}

/** The ticks after `from` up to and including `to`, in order and lazily. */
export function* ticksBetween(schedule: CronSchedule, from: Date, to: Date): Generator<Date> {
  const cron = parseCron(schedule);
  for (let tick = cron.nextRun(from); tick !== null && tick <= to; tick = cron.nextRun(tick)) yield tick;
}

/** Why a schedule cannot be used, as a sentence with its remedy; undefined where it can. `at` is any instant: from it on the schedule must tick some day. */
export function cronProblem(schedule: CronSchedule, at: Date = new Date(0)): string | undefined {
  const text = `"${schedule.cron}" in the time zone "${schedule.timezone}"`;
  if (schedule.cron.trim().split(/\s+/).length !== 5) {
    return `"${schedule.cron}" is no cron expression: write the five fields minute, hour, day, month and weekday, such as "5 * * * *".`;
  }
  try {
    if (open(schedule).nextRun(at) === null) return `${text} never ticks: name a date that exists.`;
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Cron\w+: /, '') : String(error);
    return `${text} cannot be read (${reason.replace(/[.\s]+$/, '')}): write five fields such as "5 * * * *" and an IANA time zone.`;
  }
}

/** Every schedule in a condition, in the order in which they are written, each once. */
export function cronOf(condition: Condition): readonly CronSchedule[] {
  const found = new Map<string, CronSchedule>();
  const visit = (part: Condition): void => {
    switch (part.kind) {
      case 'cron':
        found.set(`${part.cron}\n${part.timezone}`, { cron: part.cron, timezone: part.timezone });
        return;
      case 'all':
      case 'any':
        part.conditions.forEach(visit);
        return;
      case 'not':
        visit(part.condition);
        return;
      case 'eager':
      case 'missing':
      case 'updated':
      case 'overdue':
        return;
    }
  };
  visit(condition);
  return [...found.values()];
}

/** The schedules that fire by themselves: those that no other condition has to agree to. */
export function schedulesOf(condition: Condition): readonly CronSchedule[] {
  if (condition.kind === 'cron') return [condition];
  return condition.kind === 'any' ? condition.conditions.flatMap(schedulesOf) : [];
}

function parseCron(schedule: CronSchedule): Cron {
  const problem = cronProblem(schedule);
  if (problem !== undefined) throw new SpindleError('CRON_INVALID', problem);
  return open(schedule);
}

function open({ cron, timezone }: CronSchedule): Cron {
  // Without a zone's rules croner needs no Intl, which takes longer to start than all else here.
  const zone = timezone === 'UTC' ? { utcOffset: 0 } : { timezone };
  return new Cron(cron.trim(), { ...zone, mode: '5-part', paused: true });
}
