import { countsOf, type Ledger, type LedgerEntry } from './ledger.ts';
import { SUPPORT, type Support } from './matrix.ts';

const MOST_LISTED = 12;

const MEANING: Readonly<Record<Support, string>> = {
  unsupported: 'Lost: exported all the same since `--allow-lossy` was given.',
  emulated: 'The same result by other means, or with the difference that is named.',
  native: "Airflow's own.",
};

/** The ledger as a page. */
export function ledgerPage(project: string, ledger: Ledger): string {
  const counts = countsOf(ledger);
  const sections = SUPPORT.toReversed().flatMap((support) => {
    const entries = ledger.entries.filter((entry) => entry.support === support);
    return entries.length === 0
      ? []
      : [`## ${title(support)}`, '', MEANING[support], '', '| Feature | How | Used by |', '| --- | --- | --- |', ...entries.map(line), ''];
  });
  const summary = SUPPORT.map((support) => `${counts[support]} ${support}`).join(', ');
  return [
    `# What the export keeps: ${text(project)} on Airflow ${ledger.target}`,
    '',
    `Features that the graph uses: ${summary}.`,
    '',
    ...sections,
  ].join('\n');
}

export function ledgerJson(project: string, ledger: Ledger): Readonly<Record<string, unknown>> {
  return { project, target: ledger.target, counts: countsOf(ledger), features: ledger.entries };
}

function line({ feature, how, usedBy, details }: LedgerEntry): string {
  const shown = usedBy.slice(0, MOST_LISTED).map((subject) => `\`${text(subject).replaceAll('`', "'")}\``);
  const more = usedBy.length > MOST_LISTED ? [`and ${usedBy.length - MOST_LISTED} more`] : [];
  const used = usedBy.length === 0 ? 'every run' : [...shown, ...more].join(', ');
  const particular = details.length === 0 ? '' : ` (${details.map(text).join('; ')})`;
  return `| ${feature} | ${how.replaceAll('|', '\\|')}${particular} | ${used} |`;
}

const title = (support: Support): string => support.charAt(0).toUpperCase() + support.slice(1);

/** On one line, and in one cell. */
const text = (of: string): string => of.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
