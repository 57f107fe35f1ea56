import { describe, expect, it } from 'vitest';
import { MATRIX, SUPPORT } from '../../../../src/codegen/airflow/ledger/matrix.ts';
import { ledgerOf, lossesOf } from '../../../../src/codegen/airflow/ledger/ledger.ts';
import { ledgerPage } from '../../../../src/codegen/airflow/ledger/render-ledger.ts';
import type { Feature } from '../../../../src/codegen/airflow/ledger/feature.ts';
import { AIRFLOW_TARGETS } from '../../../../src/runtime/declare/airflow.ts';
import { generateScenario } from '../generate-scenario.ts';
import { SCENARIOS } from '../scenarios/index.ts';

describe('the matrix', () => {
  it('says of every feature how it comes out on every target', () => {
    for (const [feature, row] of Object.entries(MATRIX)) {
      expect(Object.keys(row).toSorted(), feature).toEqual([...AIRFLOW_TARGETS].toSorted());
      for (const { support, how } of Object.values(row)) {
        expect(SUPPORT).toContain(support);
        expect(how.length, feature).toBeGreaterThan(3);
        expect(how, feature).not.toMatch(/\.$|\n/);
      }
    }
  });

  it('does not compile without the row of a feature, or without a target', () => {
    const { task: row, ...others } = MATRIX;
    // @ts-expect-error a feature without its row
    const incomplete: typeof MATRIX = others;
    // @ts-expect-error a feature that was added
    const outgrown: Readonly<Record<Feature | 'asset.new', unknown>> = MATRIX;
    const { '2.9': _, ...ofOne } = row;
    // @ts-expect-error a feature without a target
    const halved: typeof MATRIX = { ...MATRIX, task: ofOne };
    expect([incomplete, outgrown, halved]).toHaveLength(3);
  });

  /** Shown by tests of their own. */
  const ELSEWHERE = new Set(['job.native-tasks']);

  it('has no feature that no scenario of these tests uses', async () => {
    const used = new Set<string>();
    for (const scenario of Object.values(SCENARIOS))
      for (const { feature } of (await generateScenario(scenario)).ledger.entries) used.add(feature);
    expect(
      Object.keys(MATRIX)
        .filter((feature) => !used.has(feature) && !ELSEWHERE.has(feature))
        .toSorted(),
    ).toEqual([]);
  });
});

describe('a ledger', () => {
  const uses = [
    { feature: 'task', subject: 'b' },
    { feature: 'task', subject: 'a' },
    { feature: 'automation.not', subject: 'job x' },
    { feature: 'trigger.unmapped', subject: 'job x', detail: 'a | b: <why>' },
    { feature: 'run.claims', subject: '' },
  ] as const;

  it('names what is lost first, then what is emulated, with what uses it', () => {
    expect(ledgerOf('3.3', uses).entries.map(({ feature, support, usedBy }) => [feature, support, usedBy])).toEqual([
      ['automation.not', 'unsupported', ['job x']],
      ['trigger.unmapped', 'unsupported', ['job x']],
      ['run.claims', 'emulated', []],
      ['task', 'native', ['a', 'b']],
    ]);
    expect(lossesOf(ledgerOf('3.3', uses))).toEqual([
      'automation.not (job x): on Airflow 3.3, Airflow has no negated conditions.',
      'trigger.unmapped (job x: a | b: <why>): on Airflow 3.3, no mapper of Airflow says which partitions a new one starts.',
    ]);
    expect(lossesOf(ledgerOf('2.9', uses))).toHaveLength(1);
  });

  it('is a page whose cells hold whatever texts there are', () => {
    const page = ledgerPage('a | b\n<script>', ledgerOf('3.3', [...uses, { feature: 'task', subject: '`x`\n|' }]));
    expect(page).not.toMatch(/<script>|<why>/);
    for (const line of page.split('\n').filter((each) => each.startsWith('| ') && !each.startsWith('| ---')))
      expect(line.replaceAll('\\|', '').split('|'), line).toHaveLength(5);
  });
});
