/** How the user of the account proves who it is. */
export type SnowflakeLogin =
  | { readonly kind: 'key-pair'; readonly privateKey: string; readonly passphrase?: string }
  | { readonly kind: 'access-token'; readonly token: string }
  | { readonly kind: 'oauth'; readonly token: string }
  | { readonly kind: 'password'; readonly password: string };

export interface SnowflakeProxy {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly user?: string;
  readonly password?: string;
}

/** A connection to an account, and where its statements run. Names are as Snowflake folds them: upper case, unless they were made in quotes. */
export interface SnowflakeSettings {
  /** `organization-account`, or the locator with its region. */
  readonly account: string;
  readonly user: string;
  readonly login: SnowflakeLogin;
  /** Where another address than `https://<account>.snowflakecomputing.com` is to be asked, such as a private link. */
  readonly url?: string;
  readonly role?: string;
  readonly warehouse?: string;
  readonly database: string;
  readonly proxy?: SnowflakeProxy;
}
