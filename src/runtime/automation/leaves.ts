import type { Condition } from './condition.ts';

export type LeafCondition = Exclude<Condition, { kind: 'all' | 'any' | 'not' }>;

/** The parts of a condition that ask for a fact, in the order in which they are written. */
export function leavesOf(condition: Condition): readonly LeafCondition[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.conditions.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.condition);
    case 'cron':
    case 'eager':
    case 'missing':
    case 'updated':
    case 'overdue':
      return [condition];
  }
}

/** The assets whose new versions a condition waits for, each once. */
export function awaitedAssets(condition: Condition): readonly string[] {
  return [...new Set(leavesOf(condition).flatMap((leaf) => (leaf.kind === 'updated' ? leaf.assets : [])))];
}
