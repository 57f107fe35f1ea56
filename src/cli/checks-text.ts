import type { CheckEvent } from '../runtime/resource/run-store.ts';
import type { Unchecked } from './check-selection.ts';
import { formatDuration } from './format.ts';
import { stepText } from './progress/event-line.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** What a failed check told of itself: its error, else what it recorded. */
export function checkDetail({ error, metadata }: CheckEvent): string {
  return error?.message ?? (Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : '');
}

/** A line for each check, those that failed with what they told, and the assets that were left out. */
export function checksText(checks: readonly CheckEvent[], unchecked: readonly Unchecked[], style: Style): string {
  const columns = [
    { title: 'asset', text: stepText },
    { title: 'check', text: ({ check }: CheckEvent) => check },
    {
      title: 'result',
      text: ({ passed, blocking, severity }: CheckEvent) =>
        passed ? style.green('passed') : severity === 'warn' && !blocking ? style.yellow('warning') : style.red('failed'),
    },
    { title: 'time', text: ({ milliseconds }: CheckEvent) => formatDuration(milliseconds), align: 'right' },
    { title: '', text: (check: CheckEvent) => (check.passed ? '' : checkDetail(check)) },
  ] as const;
  const failed = checks.filter(({ passed }) => !passed).length;
  return [
    ...(checks.length > 0 ? [table(columns, checks, style.bold)] : []),
    ...(unchecked.length > 0 ? [unchecked.map(({ asset, reason }) => style.dim(`left out: ${asset}: ${reason}`)).join('\n')] : []),
    checks.length === 0 ? 'None of the selected assets has a check to run.' : `checks: ${checks.length - failed} passed, ${failed} failed`,
  ].join('\n\n');
}
