import type { Judgment } from '../../runtime/automation/describe.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { AutomationExplanation } from './automation.ts';

const NAMED_PARTITIONS = 5;

/** The explanation for people: the condition, whether it fires and why, each of its parts, and when it may fire next. */
export function automationText(explanation: AutomationExplanation, style: Style): string {
  const { subject, partition, condition, fires, why, verdict, partitions, lastFired, nextTicks, freshness, jobs } = explanation;
  const name = style.bold(partition === null ? subject : `${subject} [${partition}]`);
  const parts =
    partitions.slice(0, NAMED_PARTITIONS).join(', ') + (partitions.length > NAMED_PARTITIONS ? `, … ${partitions.length} in all` : '');
  const verdictText = fires
    ? `It fires now${parts === '' || partition !== null ? '' : ` for ${parts}`}: ${why}.`
    : `It does not fire now: ${why}.`;
  const facts = [
    ...(condition === null
      ? []
      : [`last fired  ${lastFired === null ? 'never' : `${lastFired.at} by run ${lastFired.run}: ${lastFired.why}`}`]),
    ...(nextTicks.length === 0 ? [] : [`next ticks  ${nextTicks.join(', ')}`]),
    ...(freshness === null ? [] : [`freshness   it ${freshness}`]),
    ...jobs.map(({ job, condition: ofJob }) => `job         ${job} selects it, and fires when ${ofJob}`),
  ];
  return [
    condition === null ? `${name} has no condition: nothing fires it by itself.` : `${name} fires when ${condition}.\n${verdictText}`,
    ...(verdict === null || verdict.parts.length === 0 ? [] : [table(COLUMNS, linesOf(verdict, 0), style.bold)]),
    ...(facts.length === 0 ? [] : [facts.join('\n')]),
  ].join('\n\n');
}

interface Line {
  readonly part: string;
  readonly fires: boolean;
  readonly why: string;
}

const COLUMNS = [
  { title: 'part', text: ({ part }: Line) => part },
  { title: 'now', text: ({ fires }: Line) => (fires ? 'yes' : 'no') },
  { title: 'why', text: ({ why }: Line) => why },
] as const;

const WORDS = { all: 'all of', any: 'any of', not: 'not' } as const;

function linesOf({ kind, condition, fires, why, parts }: Judgment, depth: number): readonly Line[] {
  const compound = kind === 'all' || kind === 'any' || kind === 'not';
  const line = { part: `${'  '.repeat(depth)}${compound ? WORDS[kind] : condition}`, fires, why: compound ? '' : why };
  return [line, ...parts.flatMap((part) => linesOf(part, depth + 1))];
}
