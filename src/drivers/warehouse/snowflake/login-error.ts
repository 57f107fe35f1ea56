import { isSpindleError, SpindleError } from '../../../runtime/errors.ts';
import type { SessionSettings } from './session-settings.ts';
import type { SnowflakeLogin } from './settings.ts';
import { codeOf, firstLines } from './snowflake-error.ts';

/** Node's codes for a certificate that is not trusted, for one of another host, and for what is no TLS. */
const CERTIFICATE = /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|ERR_TLS_CERT_|ERR_SSL_|EPROTO)/;
/** The server's codes: the role, the database or the warehouse of the connection is not there for this user. */
const UNKNOWN_NAMES: ReadonlySet<string> = new Set(['390189', '390201']);

/** What to throw for an error of a login: WAREHOUSE_REFUSED where the server answers with one, WAREHOUSE_UNREACHABLE where none answers. */
export function loginError(error: unknown, settings: SessionSettings, address: string): unknown {
  if (!(error instanceof Error) || isSpindleError(error)) return error;
  const code = codeOf(error);
  const network = networkCode(error);
  if (code === undefined && network === undefined) return error;
  const message = firstLines(error.message);
  if (code?.startsWith('404') === true)
    return new SpindleError('VARIABLES_INVALID', `the client of Snowflake does not take the connection: ${message}`, { cause: error });
  if (code === undefined || code.startsWith('40')) return unreachable(error, address, network);
  return new SpindleError('WAREHOUSE_REFUSED', `Snowflake refused the login of ${settings.user} at ${address}: ${message}`, {
    remedy: remedyOf(code, message, settings),
    cause: error,
  });
}

function remedyOf(code: string, message: string, { user, role, warehouse, login }: SessionSettings): string {
  if (UNKNOWN_NAMES.has(code))
    return `Check the names of role (${role ?? "the user's own"}) and warehouse (${warehouse ?? "the user's own"}): \`spindle warehouse init\` makes both; GRANT ROLE … TO USER lets the user take the role.`;
  if (message.includes('not allowed to access Snowflake'))
    return "The account's network policy does not let this machine in: add its address there.";
  return REMEDIES[login.kind](user);
}

const REMEDIES: Readonly<Record<SnowflakeLogin['kind'], (user: string) => string>> = {
  'key-pair': (user) =>
    `\`DESC USER ${user}\` shows RSA_PUBLIC_KEY_FP, which is to be the fingerprint of this key; set it by ALTER USER ${user} SET RSA_PUBLIC_KEY. Where it is, check account and user, and this machine's clock.`,
  'access-token': () =>
    'Check that the token belongs to this user, has not expired and is not revoked; ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN makes another.',
  oauth: () => 'Check that the token has not expired, and that the security integration of the account knows who issued it.',
  password: () => 'Check user and password. Users of type SERVICE have none: they log in by a key pair or a token.',
};

function unreachable(error: Error, address: string, network: string | undefined): SpindleError {
  const status = (error as { readonly response?: { readonly statusCode?: number } }).response?.statusCode;
  if (status === 403 || status === 404)
    return new SpindleError('WAREHOUSE_REFUSED', `${address} answered with status ${status}: it knows no such account.`, {
      remedy:
        'Check the identifier of the account: `SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME()` in a worksheet gives its two parts.',
      cause: error,
    });
  const isCertificate = network !== undefined && CERTIFICATE.test(network);
  return new SpindleError('WAREHOUSE_UNREACHABLE', `Snowflake does not answer at ${address}: ${firstLines(error.message) || network}`, {
    remedy:
      network === 'ENOTFOUND'
        ? 'Check SPINDLE_SNOWFLAKE_ACCOUNT, or SPINDLE_SNOWFLAKE_URL where it is set: there is no such host.'
        : isCertificate
          ? 'Check the address. Where a proxy or a firewall signs with an authority of its own, name its certificate by NODE_EXTRA_CA_CERTS.'
          : 'Check the network: a firewall has to let through what SYSTEM$ALLOWLIST() lists, and a proxy is named by SPINDLE_SNOWFLAKE_PROXY.',
    transient: network !== 'ENOTFOUND' && !isCertificate,
    cause: error,
  });
}

/** Node's own code of what went wrong on the way, such as ECONNREFUSED: of the error, or of what caused it. */
function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code)) return code;
  }
  return undefined;
}
