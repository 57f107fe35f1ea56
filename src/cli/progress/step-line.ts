import { padTo } from '../display-width.ts';
import { formatCount, formatDuration } from '../format.ts';
import type { Style } from '../style.ts';
import type { RunningStep } from './running-steps.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME = 100;
const BAR = 20;
/** Narrower terminals get no bar. */
const WIDE = 72;

/** `12,000/200,000, 5,900/s, 2.0 s`: as much of it as is known; of partitions `120/365 partitions, 2 failed, …`. */
export function stepCounts({ started, done, total, failed }: RunningStep, now: number): string {
  const elapsed = now - started;
  const amount = total === undefined ? formatCount(done) : `${formatCount(done)}/${formatCount(total)}`;
  const counts = [
    failed !== undefined ? `${amount} partitions` : done === 0 && total === undefined ? undefined : amount,
    failed === undefined || failed === 0 ? undefined : `${formatCount(failed)} failed`,
    done === 0 || elapsed <= 0 ? undefined : `${formatCount(Math.round((done / elapsed) * 1000))}/s`,
    formatDuration(elapsed),
  ];
  return counts.filter((count) => count !== undefined).join(', ');
}

export interface LineLayout {
  readonly columns: number;
  /** Columns of the longest name. */
  readonly names: number;
  readonly style: Style;
}

/** A running step with a spinner and, where its total is known and there is room, a bar. */
export function stepLine(step: RunningStep, now: number, { columns, names, style }: LineLayout): string {
  const spinner = SPINNER[Math.floor(now / FRAME) % SPINNER.length] ?? SPINNER[0];
  const bar = columns < WIDE || step.total === undefined ? '' : `${style.green(barText(step.done, step.total))}  `;
  return `${style.cyan(spinner)}  ${padTo(step.name, names)}  ${bar}${style.dim(stepCounts(step, now))}`;
}

function barText(done: number, total: number): string {
  const filled = total === 0 ? BAR : Math.min(BAR, Math.max(0, Math.floor((done / total) * BAR)));
  return '█'.repeat(filled) + '░'.repeat(BAR - filled);
}
