import type { RunEvent } from '../../runtime/run/event.ts';
import { formatDuration } from '../format.ts';
import { eventLine, stepText } from '../progress/event-line.ts';
import type { Style } from '../style.ts';

/** Any event as a line with its time. */
export function logLine(event: RunEvent, style: Style): string {
  return `${style.dim(event.at)}  ${(eventLine(event, style) ?? quietLine(event, style)).replaceAll('\n', '\n    ')}`;
}

/** The events that a person who watches is spared. */
function quietLine(event: RunEvent, style: Style): string {
  switch (event.type) {
    case 'run.started':
      return `start run of ${event.steps} assets: ${event.selection}`;
    case 'run.finished':
      return `end   run ${event.status} after ${formatDuration(event.milliseconds)}`;
    case 'step.started': {
      const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : '';
      return `run   ${stepText(event)}${attempt}  ${style.dim(event.reasons.join('; '))}`;
    }
    case 'asset.observed':
      return `see   ${stepText(event)}  ${style.dim(event.version === null ? 'nothing there' : `version ${event.version}`)}`;
    case 'check.finished':
      return `${style.green('pass')}  ${stepText(event)}  check "${event.check}"`;
    case 'partitions.added':
      return `add   partitions of ${event.name}: ${event.keys.join(', ')}`;
    case 'partitions.removed':
      return `drop  partitions of ${event.name}: ${event.keys.join(', ')}`;
    case 'automation.fired':
      return `fire  ${event.subject}  ${style.dim(event.why)}`;
    case 'asset.materialized':
    case 'step.skipped':
    case 'step.failed':
    case 'step.waiting':
    case 'step.retried':
    case 'log':
      return stepText(event);
  }
}
