import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';

/** What an error of the SDK carries: its own codes begin with 40, the server's are six digits. */
interface SdkError extends Error {
  readonly code?: string | number;
  readonly sqlState?: string;
}

/** The code of an error of the SDK or the server, as six digits; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || isSpindleError(error)) return undefined;
  const { code } = error as SdkError;
  return typeof code === 'number' || (typeof code === 'string' && /^\d+$/.test(code)) ? String(code).padStart(6, '0') : undefined;
}

/** Another transaction holds what this one needs, or changed it meanwhile. */
export const isConflict = (error: unknown): boolean => codeOf(error) === '000625';

/** The object that a statement names does not exist, or the role may not see it. */
export const isUnknownObject = (error: unknown): boolean => codeOf(error) === '002003' || codeOf(error) === '002043';

/** What a statement is to create exists already. */
export const isExisting = (error: unknown): boolean => codeOf(error) === '002002';

const SESSION_GONE: ReadonlySet<string> = new Set(['390110', '390111', '390112', '390113', '390114', '390115', '407002']);

/** What ends a statement whatever it reads: it was canceled or took too long, has no warehouse, met another transaction, or a database that is not there. */
const NOT_OF_DATA: ReadonlySet<string> = new Set(['000604', '000606', '000625', '000630', '090105']);

/** Whether an error of a statement may come from the data that it reads, and not from the session, the network or other statements. */
export function mayBeOfData(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && !/^(39|40)/.test(code) && !NOT_OF_DATA.has(code);
}

/** What to throw for an error of the SDK's or the server's that a statement met; any other stays as it is. Those of a login are told by login-error.ts. */
export function snowflakeError(error: unknown, at: { readonly account: string; readonly role?: string | undefined }): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const message = firstLines((error as Error).message);
  const where = `Snowflake (account ${at.account})`;
  if (SESSION_GONE.has(code))
    return new SpindleError('WAREHOUSE_UNREACHABLE', `${where} ended the session: ${message}`, { transient: true, cause: error });
  if (/^40[12]\d{3}$/.test(code))
    return new SpindleError('WAREHOUSE_UNREACHABLE', `${where} cannot be reached: ${message}`, {
      remedy: 'Check the name of the account and the network: a firewall has to let through what SYSTEM$ALLOWLIST() lists.',
      transient: true,
      cause: error,
    });
  if (code === '000625')
    return new SpindleError('WAREHOUSE_LOCKED', `another transaction holds the table: ${message}`, {
      remedy: 'Run the command again. `SHOW LOCKS` tells who holds it; Snowflake ends a transaction that was left open after five minutes.',
      transient: true,
      cause: error,
    });
  if (code === '000604') return new SpindleError('CANCELED', 'The statement was canceled.', { cause: error });
  if (code === '000606')
    return new SpindleError('CONFIG_INVALID', `${where} has no warehouse to run statements on: ${message}`, {
      field: 'warehouse',
      remedy: 'Name one by SPINDLE_SNOWFLAKE_WAREHOUSE, and grant its use to the role.',
      cause: error,
    });
  if (code === '090105')
    return new SpindleError(
      'WAREHOUSE_REFUSED',
      `${where} has no such database, or does not let the role${of(at.role)} use it: ${message}`,
      {
        remedy: '`spindle warehouse init` makes it, with the grants; `spindle warehouse status` shows what is there.',
        cause: error,
      },
    );
  if (code === '003001')
    return new SpindleError('WAREHOUSE_REFUSED', `the role${of(at.role)} may not do that: ${message}`, {
      remedy: '`spindle warehouse init --dry-run` prints the grants that it needs.',
      cause: error,
    });
  return new SpindleError('QUERY_FAILED', message, {
    remedy: 'Correct the statement; `spindle query` without arguments lists the tables.',
    cause: error,
  });
}

const of = (role: string | undefined): string => (role === undefined ? '' : ` ${role}`);

/** Snowflake says what is wrong on the second line. */
export function firstLines(message: string): string {
  return message
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim())
    .join(' ');
}
