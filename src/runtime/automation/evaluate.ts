import type { Condition } from './condition.ts';
import { previousTick, type CronSchedule } from './cron.ts';
import type { Freshness } from './freshness.ts';

/** What is known of a subject (an asset, one of its partitions, or a job) when its condition is asked. */
export interface AutomationFacts {
  readonly now: Date;
  /** The latest tick of a schedule at or before `now`, where it is known already. */
  tick?(schedule: CronSchedule): Date | undefined;
  readonly lastMaterializedAt?: Date;
  /** When its condition last led to a run, whatever came of it. */
  readonly lastFiredAt?: Date;
  /** Never materialized, or gone. */
  readonly missing: boolean;
  /** Why it is stale, as `explain` says it; empty where it is fresh. */
  readonly stale: readonly string[];
  /** True where the named asset has a version that this one has not seen. */
  updatedSince(key: string): boolean;
  /** It fired then with the same code, config and inputs, and that did not help: it is not tried again before one of them changes. */
  readonly triedAt?: Date;
  /** What is about to run first and may change its inputs, as words. */
  readonly runsFirst?: string;
  /** That an input holds nothing yet, as words. */
  readonly lacks?: string;
  readonly freshness?: Freshness;
}

export interface Verdict {
  readonly fires: boolean;
  /** The part of the condition that decided, in words. */
  readonly why: string;
}

/** Whether a condition asks for a materialization now. `allOf()` of nothing fires, `anyOf()` of nothing does not. */
export function evaluate(condition: Condition, facts: AutomationFacts): Verdict {
  switch (condition.kind) {
    case 'cron':
      return cronVerdict(condition, facts);
    case 'eager':
      return wanted(staleness(facts), facts, facts.runsFirst ?? facts.lacks) ?? { fires: false, why: 'it is fresh' };
    case 'missing':
      return wanted(facts.missing ? MISSING : undefined, facts, facts.lacks) ?? { fires: false, why: 'it was materialized before' };
    case 'updated': {
      const updated = condition.assets.filter((key) => facts.updatedSince(key));
      if (updated.length > 0) return { fires: true, why: `${updated.join(', ')} ${updated.length === 1 ? 'has' : 'have'} a new version` };
      return {
        fires: false,
        why: condition.assets.length === 0 ? 'it waits for no asset' : `${condition.assets.join(', ')}: no new version`,
      };
    }
    case 'overdue':
      return overdueVerdict(facts);
    case 'all':
      return combine(condition.conditions, facts, { decisive: false });
    case 'any':
      return combine(condition.conditions, facts, { decisive: true });
    case 'not': {
      const { fires, why } = evaluate(condition.condition, facts);
      return { fires: !fires, why };
    }
  }
}

const MISSING = 'it was never materialized';

function staleness({ stale, missing }: AutomationFacts): string | undefined {
  if (stale.length > 0) return `it is stale: ${stale.join('; ')}`;
  return missing ? MISSING : undefined;
}

/** What is wanted for a reason fires, unless it has to wait or was tried; undefined where there is no reason. */
function wanted(reason: string | undefined, { triedAt }: AutomationFacts, waits: string | undefined): Verdict | undefined {
  if (reason === undefined) return undefined;
  if (waits !== undefined) return { fires: false, why: `${reason}, but ${waits}` };
  if (triedAt === undefined) return { fires: true, why: reason };
  return {
    fires: false,
    why: `${reason}, but the run of ${minute(triedAt)} did not change that: it waits for other code, config or inputs`,
  };
}

/** The first part that decides, or every part's words where none does alone. */
function combine(conditions: readonly Condition[], facts: AutomationFacts, { decisive }: { decisive: boolean }): Verdict {
  const words: string[] = [];
  for (const condition of conditions) {
    const verdict = evaluate(condition, facts);
    if (verdict.fires === decisive) return verdict;
    words.push(verdict.why);
  }
  return { fires: !decisive, why: words.length === 0 ? 'it has no conditions' : words.join(' and ') };
}

/** A tick is due once: until it was answered, or the asset was materialized at or after it. Only the newest one counts. */
function cronVerdict(schedule: Extract<Condition, { kind: 'cron' }>, facts: AutomationFacts): Verdict {
  const name = `"${schedule.cron}" (${schedule.timezone})`;
  const tick = facts.tick === undefined ? previousTick(schedule, facts.now) : facts.tick(schedule);
  if (tick === undefined) return { fires: false, why: `${name} has not ticked yet` };
  const at = minute(tick);
  const { lastFiredAt: fired, lastMaterializedAt: materialized } = facts;
  if (fired !== undefined && fired >= tick) return { fires: false, why: `the tick ${at} of ${name} is handled` };
  if (materialized !== undefined && materialized >= tick)
    return { fires: false, why: `it was materialized since the tick ${at} of ${name}` };
  return { fires: true, why: `the tick ${at} of ${name} is due` };
}

/** An asset becomes overdue once: until it was tried, or materialized. */
function overdueVerdict({ freshness, lastFiredAt, triedAt }: AutomationFacts): Verdict {
  switch (freshness?.status) {
    case undefined:
      return { fires: false, why: 'it may be of any age' };
    case 'on-time':
      return { fires: false, why: `it is on time until ${freshness.until.toISOString()}` };
    case 'overdue': {
      const why = `it is overdue since ${freshness.since.toISOString()}`;
      return lastFiredAt !== undefined && lastFiredAt > freshness.since
        ? { fires: false, why: `${why}, and was tried since` }
        : { fires: true, why };
    }
    case 'never':
      return triedAt === undefined ? { fires: true, why: MISSING } : { fires: false, why: `${MISSING}, and was tried since` };
  }
}

const minute = (instant: Date): string => `${instant.toISOString().slice(0, 16)}Z`;
