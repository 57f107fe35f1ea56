import type { RunEvent } from '../../runtime/run/event.ts';
import type { StepName } from '../../runtime/run/run-context.ts';
import { formatBytes, formatCount, formatDuration } from '../format.ts';
import type { Output } from '../output.ts';

/** What a person sees of a run while it goes. */
export interface ProgressView {
  listen(event: RunEvent): void;
  progress(step: StepName, done: number, total: number | undefined): void;
  close(): void;
}

/** A line for each thing that happens, to standard error. */
export function createProgressView(output: Output, quiet: boolean): ProgressView {
  return {
    listen(event) {
      const line = quiet ? undefined : describe(event, output);
      if (line !== undefined) output.notice(line);
    },
    progress() {},
    close() {},
  };
}

function describe(event: RunEvent, { errorStyle: style }: Output): string | undefined {
  const name = 'asset' in event ? `${event.asset}${event.partition === undefined ? '' : ` [${event.partition}]`}` : '';
  switch (event.type) {
    case 'asset.materialized': {
      const counts = [
        event.rows === undefined ? undefined : `${formatCount(event.rows)} rows`,
        event.bytes === undefined ? undefined : formatBytes(event.bytes),
        formatDuration(event.milliseconds),
      ];
      return `${style.green('done')}  ${name}  ${style.dim(counts.filter(Boolean).join(', '))}`;
    }
    case 'step.skipped':
      return `${style.dim('skip')}  ${name}  ${style.dim(event.reason)}`;
    case 'step.failed':
      return `${style.red('fail')}  ${name}  ${event.error.message}`;
    case 'step.retried':
      return `${style.yellow('wait')}  ${name}  ${event.error.message} (again in ${formatDuration(event.delay)})`;
    case 'check.finished':
      return event.passed ? undefined : `${style.red('fail')}  ${name}  check "${event.check}"`;
    case 'log':
      return `${style.dim('log ')}  ${name}  ${event.message}`;
    case 'run.started':
    case 'run.finished':
    case 'step.started':
    case 'asset.observed':
      return undefined;
  }
}
