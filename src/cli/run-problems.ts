import type { Tally } from '../runtime/run/tally.ts';
import { checkDetail } from './checks-text.ts';
import { stepText } from './progress/event-line.ts';
import type { RunLine } from './run-lines.ts';
import type { Style } from './style.ts';

/** The errors of failed steps with what to do, then the failed checks with what they told. */
export function runProblems({ failed, checks }: Tally, style: Style): readonly string[] {
  const errors = failed.map(({ error, ...step }) => {
    const remedy = error.remedy === undefined ? '' : `\n  → ${error.remedy}`;
    return `${style.red(`error[${error.code}]`)} ${stepText(step)}: ${error.message}${remedy}`;
  });
  const failedChecks = checks
    .filter(({ passed }) => !passed)
    .map((event) => {
      const detail = checkDetail(event);
      return `${style.red('check failed')} ${stepText(event)}: ${event.check}${detail === '' ? '' : `: ${detail}`}`;
    });
  return [...errors, ...failedChecks];
}

/** `3 materialized, 1 fresh, 0 skipped, 0 failed; 12 checks passed, 0 failed`. */
export function runTotals(lines: readonly RunLine[], { checks }: Tally): string {
  const count = (result: RunLine['result']) => lines.filter((line) => line.result === result).length;
  const passed = checks.filter((check) => check.passed).length;
  return `${count('materialized')} materialized, ${count('fresh')} fresh, ${count('skipped')} skipped, ${count('failed')} failed; checks: ${passed} passed, ${checks.length - passed} failed`;
}
