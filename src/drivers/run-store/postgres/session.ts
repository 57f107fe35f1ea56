import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { isSpindleError } from '../../../runtime/errors.ts';
import { isCollision, isLost, storeError } from './connection-error.ts';
import { connect, disconnect, type ConnectOptions } from './connect.ts';
import { migrate } from './migrate.ts';
import { holdProcessLock } from './process-lock.ts';

/** Milliseconds for which a store that was open goes on trying to reach its database. */
const PATIENCE = 30_000;
const FIRST_DELAY = 20;
const LONGEST_DELAY = 1_000;

export interface SessionOptions extends ConnectOptions {
  /** Is called with a connection that took the place of a lost one, before anything else uses it. */
  restored(client: Client): Promise<void>;
}

/**
 * The one connection of an open store. It holds the lock of its process, and all is written over it: whatever is committed was committed while the
 * lock was held. A connection that is lost is replaced at once, and the lock is taken again before anything else is done.
 */
export class Session {
  readonly #options: SessionOptions;
  #client: Client | undefined;
  #place = '';
  #last: Promise<unknown> = Promise.resolve();
  #closing = false;

  private constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Connects, brings the schema to this version and takes the lock of this process: at once, or it fails. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    await session.#connect();
    return session;
  }

  /** Runs work alone on the connection, after all that was asked for before. Again, as a whole, where the connection is lost in it or the server ends its transaction for the sake of another one. */
  run<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const done = this.#last.then(() => this.#attempts(work));
    this.#last = done.catch(() => {}); // whoever asked for it is told
    return done;
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  /** After all that was asked for. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#last;
    if (this.#client !== undefined) await disconnect(this.#client);
  }

  async #attempts<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const end = performance.now() + PATIENCE;
    for (let delay = FIRST_DELAY; ; delay = Math.min(2 * delay, LONGEST_DELAY)) {
      try {
        return await work(this.#client ?? (await this.#reconnect()));
      } catch (error) {
        if (isLost(error)) this.#drop();
        const passing =
          isLost(error) || isCollision(error) || (isSpindleError(error) && error.code === 'RUN_STORE_UNREACHABLE' && error.transient);
        if (!passing || this.#closing || performance.now() + delay > end) throw storeError(error, this.#place);
        await setTimeout(delay);
      }
    }
  }

  async #reconnect(): Promise<Client> {
    const client = await this.#connect();
    try {
      await this.#options.restored(client);
    } catch (error) {
      this.#drop();
      throw error;
    }
    return client;
  }

  async #connect(): Promise<Client> {
    const { client, place } = await connect(this.#options);
    this.#place = place;
    try {
      await migrate(client, { schema: this.#options.schema, place });
      await holdProcessLock(client);
    } catch (error) {
      await disconnect(client);
      throw storeError(error, place);
    }
    client.once('end', () => this.#lose(client));
    this.#client = client;
    return client;
  }

  /** Leaves a connection that may still be half open to its end. */
  #drop(): void {
    if (this.#client !== undefined) void disconnect(this.#client);
    this.#client = undefined;
  }

  #lose(client: Client): void {
    if (this.#client !== client || this.#closing) return;
    this.#client = undefined;
    // the lock of the process is to be held again as soon as can be; where that fails, the next call tries again and says so
    this.run(async () => {}).catch(() => {});
  }
}
