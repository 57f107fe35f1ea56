import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/runtime/automation/condition.ts';
import { nextTick, previousTick } from '../../../src/runtime/automation/cron.ts';
import { describeCondition, judge } from '../../../src/runtime/automation/describe.ts';
import { evaluate, type AutomationFacts } from '../../../src/runtime/automation/evaluate.ts';
import { leavesOf } from '../../../src/runtime/automation/leaves.ts';

const RUNS = { numRuns: 1000 };
const KEYS = ['bronze/plays', 'bronze/users'];
const schedule = fc.record({
  kind: fc.constant('cron' as const),
  cron: fc.constantFrom('5 * * * *', '*/20 * * * *', '30 2 * * *', '0 0 * * 1'),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
});
const instant = fc.integer({ min: Date.UTC(2026, 0) / 1000, max: Date.UTC(2026, 3) / 1000 }).map((seconds) => new Date(seconds * 1000));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    schedule,
    fc.constantFrom<Condition>({ kind: 'eager' }, { kind: 'missing' }, { kind: 'overdue' }),
    fc.record({ kind: fc.constant('updated' as const), assets: fc.subarray(KEYS) }),
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), conditions: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), condition: tie('condition') }),
  ),
}));
const facts: fc.Arbitrary<AutomationFacts> = fc
  .record(
    {
      now: instant,
      missing: fc.boolean(),
      stale: fc.constantFrom([], ['its code changed']),
      updated: fc.subarray(KEYS),
      lastMaterializedAt: instant,
      lastFiredAt: instant,
      triedAt: instant,
      runsFirst: fc.constant('bronze/plays runs first'),
      lacks: fc.constant('bronze/plays holds nothing yet'),
      freshness: fc.oneof(
        instant.map((until) => ({ status: 'on-time' as const, until })),
        instant.map((since) => ({ status: 'overdue' as const, since })),
        fc.constant({ status: 'never' as const }),
      ),
    },
    { requiredKeys: ['now', 'missing', 'stale', 'updated'] },
  )
  .map(({ updated, ...rest }) => ({ ...rest, updatedSince: (key) => updated.includes(key) }));

const negate = (of: Condition): Condition => ({ kind: 'not', condition: of });
const join = (kind: 'all' | 'any', ...conditions: readonly Condition[]): Condition => ({ kind, conditions });
const fires = (of: Condition, known: AutomationFacts): boolean => evaluate(of, known).fires;

describe('conditions', () => {
  it('obey the laws of boolean algebra', () => {
    fc.assert(
      fc.property(condition, condition, condition, facts, (a, b, c, known) => {
        const same = (one: Condition, other: Condition) => expect(fires(one, known)).toBe(fires(other, known));
        same(negate(negate(a)), a);
        same(negate(join('all', a, b)), join('any', negate(a), negate(b)));
        same(negate(join('any', a, b)), join('all', negate(a), negate(b)));
        same(join('all', a, b), join('all', b, a));
        same(join('any', a, join('any', b, c)), join('any', join('any', a, b), c));
        same(join('all', a, join('any', b, c)), join('any', join('all', a, b), join('all', a, c)));
        same(join('any', a, join('all', a, b)), a);
        expect(fires(join('all', a, negate(a)), known)).toBe(false);
        expect(fires(join('any', a, negate(a)), known)).toBe(true);
      }),
      RUNS,
    );
  });

  it('give the same answer for the same facts, with words, through JSON as well', () => {
    fc.assert(
      fc.property(condition, facts, (part, known) => {
        const verdict = evaluate(part, known);
        expect(evaluate(JSON.parse(JSON.stringify(part)) as Condition, known)).toEqual(verdict);
        expect(verdict.why).not.toBe('');
        const judgment = judge(part, known);
        expect(judgment).toMatchObject(verdict);
        expect(JSON.parse(JSON.stringify(judgment))).toEqual(judgment);
        expect(describeCondition(part)).toBe(judgment.condition);
        if (part.kind === 'all') expect(judgment.parts.every((inner) => inner.fires)).toBe(judgment.fires);
        if (part.kind === 'any') expect(judgment.parts.some((inner) => inner.fires)).toBe(judgment.fires);
      }),
      RUNS,
    );
  });

  it('fire at most once for each tick of a schedule, and miss none that somebody could answer', () => {
    fc.assert(
      fc.property(
        schedule,
        instant,
        fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 12 }),
        (cron, start, pauses) => {
          const answered: number[] = [];
          let lastFiredAt: Date | undefined;
          let now = start;
          for (const seconds of pauses) {
            now = new Date(now.getTime() + seconds * 1000);
            const known: AutomationFacts = {
              now,
              missing: false,
              stale: [],
              updatedSince: () => false,
              ...(lastFiredAt && { lastFiredAt }),
            };
            const tick = previousTick(cron, now)!.getTime();
            const isNew = answered.at(-1) !== tick;
            expect(fires(cron, known)).toBe(isNew);
            if (!isNew) continue;
            answered.push(tick);
            lastFiredAt = now;
          }
          expect(new Set(answered).size).toBe(answered.length);
          expect(answered).toEqual(answered.toSorted((a, b) => a - b));
        },
      ),
      RUNS,
    );
  });

  it('go on firing for a tick until it is answered, however late that is', () => {
    fc.assert(
      fc.property(
        schedule,
        instant,
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.option(instant, { nil: undefined }),
        (cron, now, seconds, lastFiredAt) => {
          const known = (at: Date): AutomationFacts => ({
            now: at,
            missing: false,
            stale: [],
            updatedSince: () => false,
            ...(lastFiredAt && { lastFiredAt }),
          });
          const later = new Date(now.getTime() + seconds * 1000);
          if (fires(cron, known(now))) expect(fires(cron, known(later))).toBe(true);
          else expect(fires(cron, known(nextTick(cron, new Date(Math.max(now.getTime(), lastFiredAt?.getTime() ?? 0)))!))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('are made of the parts that ask for a fact', () => {
    fc.assert(
      fc.property(condition, facts, (part, known) => {
        const nothing = leavesOf(part).every((leaf) => !fires(leaf, known));
        const quiet: AutomationFacts = { now: new Date(0), missing: false, stale: [], updatedSince: () => false, lastFiredAt: new Date(0) };
        if (nothing) expect(fires(part, known)).toBe(fires(part, quiet));
      }),
      RUNS,
    );
  });
});
