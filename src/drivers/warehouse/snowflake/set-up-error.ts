import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';

/** Of a statement with secrets the server's text is told without them, and the client's error, which has the statement, is not passed on. */
export function setUpError(error: unknown, sql: string, shown: string): unknown {
  if (!isSpindleError(error) || (error.transient && sql === shown)) return error;
  const message = maskLiterals(error.message, sql, shown);
  return new SpindleError(error.transient ? error.code : 'WAREHOUSE_REFUSED', `the set-up ended at "${shown}": ${message}`, {
    remedy:
      'It takes a user that may take the roles USERADMIN, SECURITYADMIN and SYSADMIN, as ACCOUNTADMIN may: have one run what `spindle warehouse init --dry-run` prints. It can be run again at any time.',
    transient: error.transient,
    ...(sql === shown && { cause: error }),
  });
}

/** The message without those texts of the statement that the shown one does not have. */
function maskLiterals(message: string, sql: string, shown: string): string {
  const secrets = [...sql.matchAll(/'((?:[^']|'')*)'/g)]
    .map(([, text = '']) => text)
    .filter((text) => text !== '' && !shown.includes(text));
  return secrets
    .flatMap((text) => [text, text.replaceAll("''", "'").replaceAll('\\\\', '\\')])
    .reduce((masked, text) => masked.replaceAll(text, '***'), message);
}
