/**
 * What a node's error says where the same statement may well succeed a little later: the connection, the service, or a lock. The adapters hand on no code for
 * it, but their clients' words: of urllib3 and http.client, of Snowflake (250001 and 250003 a connection, 390xxx of sessions, 000625 waiters of a lock), of DuckDB.
 */
const SIGNS: readonly RegExp[] = [
  /Could not set lock on file/,
  /\b(?:Connection|Read|Connect) ?(?:reset|refused|aborted|timed out|Timeout)\b/i,
  /\bRemote end closed connection\b|\bConnection broken\b|\bBroken pipe\b/i,
  /\b(?:502 Bad Gateway|503 Service Unavailable|504 Gateway Time-?out)\b/i,
  /\bCould not connect to Snowflake backend\b/i,
  /\b(?:250001|250003|390111|390112|390114)\b(?=.*(?:connect|session|token))/i,
  /\b000625\b|\bnumber of waiters for this lock\b|\bstatement .* has locked table\b/i,
];

export const isTransientFailure = (message: string): boolean => SIGNS.some((sign) => sign.test(message));
