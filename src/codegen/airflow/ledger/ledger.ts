import type { AirflowTarget } from '../../../runtime/declare/airflow.ts';
import type { Feature, Use } from './feature.ts';
import { MATRIX, SUPPORT, type Support } from './matrix.ts';

/** How one feature came out, and what uses it. */
export interface LedgerEntry {
  readonly feature: Feature;
  readonly support: Support;
  readonly how: string;
  /** Assets, checks and jobs; empty where all of the export does. */
  readonly usedBy: readonly string[];
  /** What is particular to a use, by what uses it. */
  readonly details: readonly string[];
}

export interface Ledger {
  readonly target: AirflowTarget;
  /** The worst first, then by name. */
  readonly entries: readonly LedgerEntry[];
}

export function ledgerOf(target: AirflowTarget, uses: readonly Use[]): Ledger {
  const byFeature = new Map<Feature, Use[]>();
  for (const use of uses) byFeature.set(use.feature, [...(byFeature.get(use.feature) ?? []), use]);
  const entries = [...byFeature].map(([feature, of]): LedgerEntry => {
    const usedBy = [...new Set(of.map(({ subject }) => subject))].filter((subject) => subject !== '').toSorted();
    const details = of.flatMap(({ subject, detail }) => (detail === undefined ? [] : [`${subject}: ${detail}`]));
    return { feature, ...MATRIX[feature][target], usedBy, details: [...new Set(details)].toSorted() };
  });
  const rank = ({ support }: LedgerEntry): number => SUPPORT.length - SUPPORT.indexOf(support);
  return { target, entries: entries.toSorted((a, b) => rank(a) - rank(b) || (a.feature < b.feature ? -1 : 1)) };
}

export const countsOf = ({ entries }: Ledger): Readonly<Record<Support, number>> => {
  const count = (support: Support) => entries.filter((entry) => entry.support === support).length;
  return { native: count('native'), emulated: count('emulated'), unsupported: count('unsupported') };
};

/** What the target loses, as sentences. */
export const lossesOf = ({ entries, target }: Ledger): readonly string[] =>
  entries
    .filter(({ support }) => support === 'unsupported')
    .map(
      ({ feature, how, usedBy, details }) =>
        `${feature} (${[...details, ...(details.length > 0 ? [] : usedBy)].join('; ')}): on Airflow ${target}, ${how}.`,
    );
