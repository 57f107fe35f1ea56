import type { Style } from '../style.ts';

/** What one check of the doctor found. */
export interface Finding {
  readonly check: string;
  /** `warn` is in the way of some commands only. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do, where there is something. */
  readonly remedy?: string;
}

/** A line with a sign, the check and what was found, and under it what to do. */
export function findingText({ check, status, message, remedy }: Finding, style: Style): string {
  const sign = { ok: style.green('✓'), warn: style.yellow('!'), fail: style.red('✗') }[status];
  const advice = remedy === undefined ? '' : `\n    ${style.cyan('→')} ${remedy}`;
  return `${sign} ${style.bold(check)}: ${message.replaceAll('\n', '\n  ')}${advice}`;
}
