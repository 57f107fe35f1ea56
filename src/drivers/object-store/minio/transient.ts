import { Refusal } from './refusal.ts';
import { TIMED_OUT } from './transport.ts';

/** Codes with which the system and Node say that the server could not be reached or cut the connection. */
const NETWORK: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
  TIMED_OUT,
]);

/** S3's codes that ask to try again, whatever the status. */
const AGAIN: ReadonlySet<string> = new Set([
  'SlowDown',
  'SlowDownRead',
  'SlowDownWrite',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'OperationAborted',
  'ConditionalRequestConflict',
  'XMinioServerNotInitialized',
]);

/** Statuses of servers and of proxies before them that ask to try again. Of the rest above 500, 501 and 505 will not change, and 507 wants room. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** Whether the server could not be reached, or the connection broke. */
export function isNetworkError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && NETWORK.has(error.code);
}

/** Whether the server has no room: some say so in an error of their own, some only in its text. */
export function isFull({ status, code, message }: Refusal): boolean {
  return status === 507 || /StorageFull|InsufficientStorage|Quota/i.test(code) || /no space left|quota exceeded/i.test(message);
}

/** Whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Refusal)) return isNetworkError(error);
  return !isFull(error) && (AGAIN.has(error.code) || BUSY.has(error.status));
}
