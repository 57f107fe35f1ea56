import { formatBytes, formatCount, formatDuration } from '../format.ts';
import type { Style } from '../style.ts';
import { table } from '../table.ts';
import type { ExplainedCheck, ExplainedInput, ExplainedPartitions, Explanation } from './explanation.ts';

/** Partitions named; the others are counted. */
const NAMED_PARTITIONS = 5;
/** Reasons told, more are those of further partitions; and checks. */
const TOLD = 10;

/** The explanation for people: what it is, why it is stale or fresh, when it was materialized and from what. */
export function explanationText(explanation: Explanation, style: Style): string {
  const { asset, action, partition, kinds, location, description, why, partitions, inputs, checks, freshness } = explanation;
  const place = [...kinds, location].filter(Boolean).join(', ');
  const more = why.length > TOLD ? [`… and ${why.length - TOLD} more reasons: see --json, or name a --partition.`] : [];
  return [
    `${style.bold(partition === null ? asset : `${asset} [${partition}]`)}  ${style.dim(`(${place})`)}${description === null ? '' : `\n${description}`}`,
    [...why.slice(0, TOLD), ...more].join('\n'),
    ...(partitions !== null ? [partitionsText(partitions)] : action === 'observe' ? [] : [materializationText(explanation)]),
    ...(freshness === null ? [] : [`${asset} ${freshness}.`]),
    ...(inputs.length > 0 ? [table(INPUT_COLUMNS, inputs, style.bold)] : []),
    ...checksText(checks, style),
  ].join('\n\n');
}

/** Of many checks, those that passed are counted. */
function checksText(checks: readonly ExplainedCheck[], { bold }: Style): readonly string[] {
  const open = checks.length > TOLD ? checks.filter(({ result }) => result !== 'passed') : checks;
  const passed = checks.length - open.length;
  return [
    ...(open.length > 0 ? [table(CHECK_COLUMNS, open, bold)] : []),
    ...(passed > 0 ? [`${formatCount(passed)} checks passed: --json names them.`] : []),
  ];
}

function materializationText({ materialized, codeVersion }: Explanation): string {
  if (materialized === null) return 'Never materialized.';
  const { at, run, version, milliseconds, rows, bytes, codeVersion: recorded } = materialized;
  const amounts = [
    formatDuration(milliseconds),
    rows === undefined ? undefined : `${formatCount(rows)} rows`,
    bytes === undefined ? undefined : formatBytes(bytes),
  ].filter((amount) => amount !== undefined);
  return [
    `last materialized  ${at} by run ${run} (${amounts.join(', ')})`,
    `version            ${version}`,
    `code version       ${short(recorded)}${recorded === codeVersion ? '' : `, now ${short(codeVersion)}`}`,
  ].join('\n');
}

/** Digests are told apart by their beginning. */
const short = (version: string): string => version.slice(0, 16);

function partitionsText({ materialized, toRun, unlisted }: ExplainedPartitions): string {
  const more = unlisted === 0 ? '' : ` and ${formatCount(unlisted)} more`;
  return [
    `materialized  ${materialized.length === 0 ? 'no partition yet' : keysText(materialized)}`,
    `to run        ${toRun.length === 0 ? 'none' : keysText(toRun)}${more}`,
    'Name one with --partition to see its versions, inputs and checks.',
  ].join('\n');
}

function keysText(keys: readonly string[]): string {
  const named = keys.length <= NAMED_PARTITIONS ? keys.join(', ') : `${keys[0]} … ${keys.at(-1)}`;
  return `${formatCount(keys.length)} (${named})`;
}

const INPUT_COLUMNS = [
  { title: 'input', text: ({ asset }: ExplainedInput) => asset },
  { title: 'read', text: ({ recorded }: ExplainedInput) => recorded ?? '-' },
  { title: 'now', text: ({ present }: ExplainedInput) => present ?? '-' },
  { title: '', text: inputNote },
] as const;

function inputNote({ recorded, present, planned }: ExplainedInput): string {
  const difference = recorded === present ? (present === null ? 'nothing there yet' : 'the same') : 'changed';
  switch (planned) {
    case 'run':
      return `${difference}, and it runs first`;
    case 'perhaps':
      return `${difference}, and it may run first`;
    case 'blocked':
      return `${difference}, and it is blocked`;
    case 'skip':
    case 'observe':
    case null:
      return difference;
  }
}

const CHECK_COLUMNS = [
  { title: 'check', text: ({ check, blocking }: ExplainedCheck) => (blocking ? `${check} (blocking)` : check) },
  { title: 'result', text: ({ result }: ExplainedCheck) => result },
  { title: 'when', text: ({ at }: ExplainedCheck) => at ?? '' },
] as const;
