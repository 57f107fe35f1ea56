import type { Condition } from './condition.ts';
import { previousTick } from './cron.ts';

/** What is known of an asset (or of one partition of it) when its condition is asked. */
export interface AutomationFacts {
  readonly now: Date;
  readonly lastMaterializedAt?: Date;
  /** The last tick of a cron condition of this asset that led to a run, whatever came of it. */
  readonly lastTickHandledAt?: Date;
  /** Never materialized. */
  readonly missing: boolean;
  /** Why it is stale, as `explain` says it; empty where it is fresh. */
  readonly stale: readonly string[];
  /** True where the named asset has a version that this one has not seen. */
  updatedSince(key: string): boolean;
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
      if (facts.stale.length > 0) return { fires: true, why: `it is stale: ${facts.stale.join('; ')}` };
      return facts.missing ? { fires: true, why: 'it was never materialized' } : { fires: false, why: 'it is fresh' };
    case 'missing':
      return facts.missing ? { fires: true, why: 'it was never materialized' } : { fires: false, why: 'it was materialized before' };
    case 'updated': {
      const updated = condition.assets.filter((key) => facts.updatedSince(key));
      if (updated.length > 0) return { fires: true, why: `${updated.join(', ')} ${updated.length === 1 ? 'has' : 'have'} a new version` };
      return {
        fires: false,
        why: condition.assets.length === 0 ? 'it waits for no asset' : `${condition.assets.join(', ')}: no new version`,
      };
    }
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

/** A tick is due once: until it was handled, or the asset was materialized at or after it. */
function cronVerdict(schedule: Extract<Condition, { kind: 'cron' }>, facts: AutomationFacts): Verdict {
  const name = `"${schedule.cron}" (${schedule.timezone})`;
  const tick = previousTick(schedule, facts.now);
  if (tick === undefined) return { fires: false, why: `${name} has not ticked yet` };
  const at = `${tick.toISOString().slice(0, 16)}Z`;
  const { lastTickHandledAt: handled, lastMaterializedAt: materialized } = facts;
  if (handled !== undefined && handled >= tick) return { fires: false, why: `the tick ${at} of ${name} is handled` };
  if (materialized !== undefined && materialized >= tick)
    return { fires: false, why: `it was materialized since the tick ${at} of ${name}` };
  return { fires: true, why: `the tick ${at} of ${name} is due` };
}
