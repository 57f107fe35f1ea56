import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../runtime/run/event.ts';
import { formatBytes, formatCount, formatDuration } from '../format.ts';
import type { Style } from '../style.ts';
import { holderText } from './holder-text.ts';

/** `asset [partition]`. */
export function stepText({ asset, partition }: { readonly asset: string; readonly partition?: string | undefined }): string {
  return partition === undefined ? asset : `${asset} [${partition}]`;
}

/** A text that may come from another program, without what would color the terminal, move its cursor or clear it. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\t\n])\p{Cc}/gu, ' ');
}

/** What happened, as a line of its own; undefined for what a person need not see. */
export function eventLine(event: RunEvent, style: Style): string | undefined {
  switch (event.type) {
    case 'asset.materialized': {
      const counts = [
        event.rows === undefined ? undefined : `${formatCount(event.rows)} rows`,
        event.bytes === undefined ? undefined : formatBytes(event.bytes),
        formatDuration(event.milliseconds),
      ];
      return `${style.green('done')}  ${stepText(event)}  ${style.dim(counts.filter(Boolean).join(', '))}`;
    }
    case 'step.skipped':
      return `${style.dim('skip')}  ${stepText(event)}  ${style.dim(event.reason)}`;
    case 'step.failed':
      return `${style.red('fail')}  ${stepText(event)}  ${event.error.message}`;
    case 'step.retried':
      return `${style.yellow('wait')}  ${stepText(event)}  ${event.error.message} (again in ${formatDuration(event.delay)})`;
    case 'step.waiting':
      return `${style.yellow('wait')}  ${stepText(event)}  waits for ${holderText(event.holder)}, which has it in work`;
    case 'check.finished':
      return event.passed ? undefined : `${style.red('fail')}  ${stepText(event)}  check "${event.check}"`;
    case 'log':
      return `${style.dim('log ')}  ${stepText(event)}  ${printable(event.message)}`;
    case 'run.started':
    case 'run.finished':
    case 'step.started':
    case 'asset.observed':
    case 'partitions.added':
    case 'partitions.removed':
    case 'automation.fired':
      return undefined;
  }
}
