import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, anyOf, eager, not, onCron, onMissing, onUpdate, type Condition } from '../../../src/runtime/automation/condition.ts';
import { evaluate, type AutomationFacts } from '../../../src/runtime/automation/evaluate.ts';
import { asset } from '../../../src/runtime/declare/asset.ts';

const facts: AutomationFacts = { now: new Date('2026-01-01T10:30:00Z'), missing: false, stale: [], updatedSince: () => false };
const plays = asset('bronze/plays').run(() => 1);
const users = asset('bronze/users').run(() => 1);
const hourly = onCron('5 * * * *');
const at = (iso: string) => new Date(`2026-01-01T${iso}:00Z`);

describe('a condition', () => {
  it.each<[string, { readonly condition: Condition }, Partial<AutomationFacts>, boolean, string]>([
    ['a tick that nobody handled', hourly, {}, true, 'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is due'],
    ['a tick after the handled one', hourly, { lastFiredAt: at('09:05') }, true, 'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is due'],
    ['a handled tick', hourly, { lastFiredAt: at('10:05') }, false, 'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is handled'],
    [
      'a materialization since the tick',
      hourly,
      { lastMaterializedAt: at('10:06') },
      false,
      'it was materialized since the tick 2026-01-01T10:05Z of "5 * * * *" (UTC)',
    ],
    [
      'a materialization before the tick',
      hourly,
      { lastMaterializedAt: at('10:04') },
      true,
      'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is due',
    ],
    [
      'a tick in its own zone',
      onCron('0 6 * * *', { timezone: 'America/New_York' }),
      {},
      true,
      'the tick 2025-12-31T11:00Z of "0 6 * * *" (America/New_York) is due',
    ],
    [
      'something stale',
      eager(),
      { stale: ['its code changed', 'bronze/plays is newer'] },
      true,
      'it is stale: its code changed; bronze/plays is newer',
    ],
    ['something missing', eager(), { missing: true }, true, 'it was never materialized'],
    ['something fresh', eager(), {}, false, 'it is fresh'],
    ['something missing', onMissing(), { missing: true }, true, 'it was never materialized'],
    ['something stale but there', onMissing(), { stale: ['its code changed'] }, false, 'it was materialized before'],
    [
      'an update of one of two',
      onUpdate(plays, users),
      { updatedSince: (key) => key === 'bronze/users' },
      true,
      'bronze/users has a new version',
    ],
    ['an update of both', onUpdate(plays, users), { updatedSince: () => true }, true, 'bronze/plays, bronze/users have a new version'],
    ['no update', onUpdate(plays, users), {}, false, 'bronze/plays, bronze/users: no new version'],
    ['all but one', allOf(hourly, eager()), {}, false, 'it is fresh'],
    [
      'all',
      allOf(hourly, onMissing()),
      { missing: true },
      true,
      'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is due and it was never materialized',
    ],
    ['any of two', anyOf(eager(), hourly), {}, true, 'the tick 2026-01-01T10:05Z of "5 * * * *" (UTC) is due'],
    ['none of two', anyOf(eager(), onMissing()), {}, false, 'it is fresh and it was materialized before'],
    ['the opposite', not(onMissing()), {}, true, 'it was materialized before'],
    ['all of nothing', allOf(), {}, true, 'it has no conditions'],
    ['any of nothing', anyOf(), {}, false, 'it has no conditions'],
  ])('for %s decides and says why', (_, { condition }, known, fires, why) => {
    expect(evaluate(condition, { ...facts, ...known })).toEqual({ fires, why });
  });

  it('combines as logic does, and always says why', () => {
    const leaf = fc.constantFrom<Condition>(onUpdate(plays).condition, onUpdate(users).condition, eager().condition, onMissing().condition);
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), conditions: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
      ),
    }));
    const truth = (part: Condition, known: AutomationFacts): boolean => {
      if (part.kind === 'all') return part.conditions.every((inner) => truth(inner, known));
      if (part.kind === 'any') return part.conditions.some((inner) => truth(inner, known));
      if (part.kind === 'not') return !truth(part.condition, known);
      if (part.kind === 'updated') return part.assets.some((key) => known.updatedSince(key));
      return known.missing || (part.kind === 'eager' && known.stale.length > 0);
    };
    fc.assert(
      fc.property(condition, fc.boolean(), fc.boolean(), fc.subarray(['bronze/plays', 'bronze/users']), (part, missing, stale, updated) => {
        const known: AutomationFacts = {
          ...facts,
          missing,
          stale: stale ? ['its code changed'] : [],
          updatedSince: (key) => updated.includes(key),
        };
        const { fires, why } = evaluate(part, known);
        expect(fires).toBe(truth(part, known));
        expect(why).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});
