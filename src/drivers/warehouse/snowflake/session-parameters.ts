import { quoteLiteral } from '../../../runtime/schema/quote.ts';
import type { SessionSettings } from './session-settings.ts';

/** Instants mean UTC, and a statement that waits for a lock gives up after a while: a transaction that was left open is ended after five minutes by the server. */
const OWN = { TIMEZONE: 'UTC', TIMESTAMP_TYPE_MAPPING: 'TIMESTAMP_NTZ', LOCK_TIMEOUT: 600 } as const;

/** The statement that a session begins with. Names of parameters are words: they are checked where they come from. */
export function sessionParameters({ parameters = {} }: Pick<SessionSettings, 'parameters'>): string {
  const all = new Map<string, string | number | boolean>(Object.entries(OWN));
  for (const [name, value] of Object.entries(parameters)) all.set(name.toUpperCase(), value);
  return `ALTER SESSION SET ${[...all].map(([name, value]) => `${name} = ${quoteLiteral(value, 'snowflake')}`).join(', ')}`;
}
