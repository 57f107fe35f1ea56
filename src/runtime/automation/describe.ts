import type { Condition } from './condition.ts';
import { evaluate, type AutomationFacts } from './evaluate.ts';

/** A condition as a clause that follows "it fires when", such as `"5 * * * *" (UTC) ticks or it is stale`. */
export function describeCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'cron':
      return `"${condition.cron}" (${condition.timezone}) ticks`;
    case 'eager':
      return 'it is stale';
    case 'missing':
      return 'it was never materialized';
    case 'updated':
      return condition.assets.length === 0 ? 'never' : `${condition.assets.join(' or ')} has a new version`;
    case 'overdue':
      return 'it is overdue';
    case 'all':
      return condition.conditions.length === 0 ? 'always' : condition.conditions.map(enclosed).join(' and ');
    case 'any':
      return condition.conditions.length === 0 ? 'never' : condition.conditions.map(enclosed).join(' or ');
    case 'not':
      return `not (${describeCondition(condition.condition)})`;
  }
}

function enclosed(condition: Condition): string {
  const compound = (condition.kind === 'all' || condition.kind === 'any') && condition.conditions.length > 1;
  return compound ? `(${describeCondition(condition)})` : describeCondition(condition);
}

/** A condition with the verdict on it and on each of its parts. */
export interface Judgment {
  readonly kind: Condition['kind'];
  /** The part in words. */
  readonly condition: string;
  readonly fires: boolean;
  readonly why: string;
  readonly parts: readonly Judgment[];
}

/** What `evaluate` finds, part by part: also of those that did not decide. */
export function judge(condition: Condition, facts: AutomationFacts): Judgment {
  const parts =
    condition.kind === 'all' || condition.kind === 'any' ? condition.conditions : condition.kind === 'not' ? [condition.condition] : [];
  return {
    kind: condition.kind,
    condition: describeCondition(condition),
    ...evaluate(condition, facts),
    parts: parts.map((part) => judge(part, facts)),
  };
}
