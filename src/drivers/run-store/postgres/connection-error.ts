import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';

/** The parts of an error of pg that tell what it is: the server's have a severity and an SQLSTATE, those of the system a code such as ECONNRESET. */
interface PostgresError extends Error {
  readonly code?: string;
  readonly severity?: string;
}

/** The server gave up this transaction because of another one: a deadlock or a serialization failure. */
const COLLIDED: ReadonlySet<unknown> = new Set(['40001', '40P01']);
/** The server is not ready, has no place for one more connection, or is a standby: that may pass. */
const BUSY: ReadonlySet<unknown> = new Set(['57P03', '53300', '25006']);
const OUR_DOING = /^(28|3D|42|0A|0P|F0)/;
const LOST_CONNECTION =
  /^(Connection terminated|timeout expired|Client has encountered a connection error|Query read timeout|Client was closed)/;

const isServers = ({ severity }: PostgresError): boolean => severity !== undefined;

/** Whether the connection that gave the error is of no use any more. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || isSpindleError(error)) return false;
  const { code, severity, message }: PostgresError = error;
  if (isServers(error)) return severity === 'FATAL' || severity === 'PANIC' || code === '25006' || code?.startsWith('08') === true;
  return 'syscall' in error || 'errors' in error || LOST_CONNECTION.test(message);
}

/** Whether the same transaction may succeed when it is tried again at once: the server chose it as the victim of a deadlock or the like. */
export function isCollision(error: unknown): boolean {
  return error instanceof Error && COLLIDED.has((error as PostgresError).code);
}

/** A refusal that another attempt meets as well: a wrong password, no such database, a certificate that is not trusted. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || isSpindleError(error)) return true;
  const { code = '' }: PostgresError = error;
  if (isServers(error)) return !BUSY.has(code) && OUR_DOING.test(code);
  return !isLost(error);
}

/** What the reader is told of a database that cannot be used. `place` names host, port and database, never more. */
export function unreachable(error: unknown, place: string): SpindleError {
  const { message, code = '' } = error as PostgresError;
  const refused = isRefusal(error);
  return new SpindleError(
    'RUN_STORE_UNREACHABLE',
    `the run store ${place} ${refused ? 'refuses the connection' : 'cannot be reached'}: ${message || code}`,
    {
      field: 'SPINDLE_POSTGRES_URL',
      remedy: refused
        ? 'Correct user, password, database and sslmode in SPINDLE_POSTGRES_URL, or what the server lets in.'
        : 'See that the server runs and that SPINDLE_POSTGRES_URL names it, then run the same command again.',
      transient: !refused,
      cause: error,
    },
  );
}

/** The error to throw for one that the database gave while it was used. */
export function storeError(error: unknown, place: string): unknown {
  if (isLost(error)) return unreachable(error, place);
  switch (error instanceof Error ? (error as PostgresError).code : undefined) {
    case '53100':
      return new SpindleError('DISK_FULL', `no space left on the disk of the run store ${place}`, {
        remedy: 'Free some space and run the same command again: what was acknowledged before is kept.',
        cause: error,
      });
    case '42501':
      return new SpindleError('RUN_STORE_UNREACHABLE', `the run store ${place} refuses it: ${(error as Error).message}`, {
        field: 'SPINDLE_POSTGRES_URL',
        remedy: 'Give the user the right to create a schema in the database, or make the schema and let the user own it.',
        cause: error,
      });
    default:
      return error;
  }
}
