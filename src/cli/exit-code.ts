import type { ErrorCode } from '../runtime/errors.ts';

/**
 * What the process ends with. A drift is a generated file that differs from what would be generated, or a schema whose change breaks. A task that had nothing
 * to do says so: Airflow then takes it as skipped.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, drift: 3, nothingToDo: 99 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors in what was typed or in the process's environment, and not in the pipeline. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'USAGE',
  'PROJECT_NOT_FOUND',
  'ASSET_UNKNOWN',
  'SELECTION_SYNTAX',
  'SELECTION_UNKNOWN',
  'SELECTION_EMPTY',
  'JOB_UNKNOWN',
  'ENVIRONMENT_UNKNOWN',
  'PARTITION_UNKNOWN',
  'PARTITION_UNSUPPORTED',
  'RUN_UNKNOWN',
  'TABLE_UNKNOWN',
  'DEAD_LETTER_UNKNOWN',
  'CONFIG_INVALID',
  'VARIABLES_INVALID',
]);

export function exitCodeOf(code: ErrorCode): ExitCode {
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}
