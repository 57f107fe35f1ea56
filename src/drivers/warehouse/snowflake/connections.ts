import type * as snowflake from 'snowflake-sdk';
import type { Connection, SnowflakeError } from 'snowflake-sdk';
import { connectionOptions } from './connection-options.ts';
import { loadSnowflake } from './load-snowflake.ts';
import { loginError } from './login-error.ts';
import { addressOf, reach } from './reach.ts';
import { Session } from './session.ts';
import { sessionParameters } from './session-parameters.ts';
import type { SessionSettings } from './session-settings.ts';

/** Connections open at once: what runs at the same time in one process. */
const MOST = 8;

export interface TakenConnection {
  readonly connection: Connection;
  /** Gives it back, or ends it where nobody knows what is under way in it. */
  release(isLost: boolean): void;
}

/** The connections of one process with the account: opened when they are asked for, and used again. */
export class Connections {
  readonly settings: SessionSettings;
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #sdk: Promise<typeof snowflake> | undefined;
  #reached: Promise<void> | undefined;

  constructor(settings: SessionSettings) {
    this.settings = settings;
  }

  /** A connection that nobody else uses until it is released. */
  async take(tag: string, signal?: AbortSignal): Promise<TakenConnection> {
    if (this.#open < MOST) this.#open++;
    else await this.#wait(signal);
    try {
      signal?.throwIfAborted();
      const connection = this.#idle.pop() ?? (await this.#connect(tag));
      const release = (isLost: boolean): void => {
        if (isLost) void destroy(connection);
        else this.#idle.push(connection);
        this.#leave();
      };
      return { connection, release };
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(destroy));
  }

  /** Waits for a place, first come, first served; an abort ends that. */
  async #wait(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      this.#waiting.push(enter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open--;
    else next();
  }

  async #logIn(sdk: typeof snowflake): Promise<Connection> {
    const address = addressOf(this.settings);
    try {
      if (!isProxied(this.settings)) await (this.#reached ??= reach(address));
      const connection = sdk.createConnection(connectionOptions(this.settings));
      await new Promise<void>((resolve, reject) => connection.connect((error) => settle(error, resolve, reject)));
      return connection;
    } catch (error) {
      this.#reached = undefined; // the next one asks again
      throw loginError(error, this.settings, address);
    }
  }

  async #connect(tag: string): Promise<Connection> {
    this.#sdk ??= loadSnowflake();
    const sdk = await this.#sdk;
    const connection = await this.#logIn(sdk);
    try {
      await new Session(connection, { tag }).run(sessionParameters(this.settings));
      return connection;
    } catch (error) {
      await destroy(connection);
      throw error;
    }
  }
}

/** Whether the client goes by way of a proxy: as it was told, or by the variables that programs share. */
const isProxied = ({ proxy }: SessionSettings): boolean =>
  proxy !== undefined || ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => Boolean(process.env[name]));

/** Ends the session at the server too, which ends its transaction and drops its temporary tables. */
async function destroy(connection: Connection): Promise<void> {
  await new Promise<void>((resolve) => connection.destroy(() => resolve()));
}

function settle(error: SnowflakeError | undefined, resolve: () => void, reject: (error: Error) => void): void {
  if (error) reject(error);
  else resolve();
}
