import { isSpindleError } from '../errors.ts';
import type { RecordedError } from './event.ts';

/** Any error as the log keeps it. Whatever is not Spindle's own came from the function of `asset`, or of one of its checks: ASSET_FAILED. */
export function recordedError(error: unknown, asset?: string): RecordedError {
  if (isSpindleError(error)) {
    const { code, message, remedy, place, transient } = error;
    return { code, message, transient, ...(remedy !== undefined && { remedy }), ...(place.field !== undefined && { field: place.field }) };
  }
  const again = asset === undefined ? '' : `; run it alone: spindle materialize --select ${asset}`;
  const remedy = `Correct the function where the message points${again}.`;
  return { code: 'ASSET_FAILED', message: describe(error), remedy, transient: isTransient(error) };
}

/** Whether trying again may help: a property of the error, and nothing else. */
export function isTransient(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'transient' in error && error.transient === true;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const where = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name}: ${error.message}${where === undefined ? '' : ` (${where.trim()})`}`;
}
