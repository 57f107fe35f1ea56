import { Connections } from './connections.ts';
import { makeLedger } from './ledger.ts';
import { Session } from './session.ts';
import type { SessionSettings } from './session-settings.ts';
import { codeOf, snowflakeError } from './snowflake-error.ts';

export interface OpenSession {
  readonly session: Session;
  release(isLost: boolean): void;
}

/** What is done once for the process, and again where it failed. */
class Once {
  #done: Promise<void> | undefined;

  async make(work: () => Promise<void>): Promise<void> {
    this.#done ??= work();
    try {
      await this.#done;
    } catch (error) {
      this.#done = undefined;
      throw error;
    }
  }
}

interface Shared {
  readonly connections: Connections;
  readonly ledger: Once;
}

/** Sessions with the account, whose statements all carry one tag. */
export class Sessions {
  readonly #shared: Shared;
  readonly #tag: string;

  constructor(settings: SessionSettings, tag: string, shared: Shared = { connections: new Connections(settings), ledger: new Once() }) {
    this.#shared = shared;
    this.#tag = tag;
  }

  /** The same connections with another tag. */
  tagged(tag: string): Sessions {
    return new Sessions(this.#shared.connections.settings, tag, this.#shared);
  }

  /** A session that nobody else uses until it is released. */
  async open(signal?: AbortSignal): Promise<OpenSession> {
    try {
      const { connection, release } = await this.#shared.connections.take(this.#tag, signal);
      return { session: new Session(connection, { tag: this.#tag, signal }), release };
    } catch (error) {
      throw this.error(error);
    }
  }

  /** Runs `work` on a session of its own; an abort cancels its statement and rejects with the signal's reason. */
  async use<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { session, release } = await this.open(signal);
    let isLost = true;
    try {
      const result = await work(session);
      await session.clear();
      isLost = false;
      return result;
    } catch (error) {
      isLost = signal?.aborted === true || codeOf(error) !== undefined;
      throw this.error(error);
    } finally {
      release(isLost);
    }
  }

  /** `use` for what writes: the ledger's tables and its stage are made before, by the first of the process. */
  async write<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#shared.ledger.make(() => this.use(makeLedger));
    return this.use(work, signal);
  }

  /** What to throw for an error of a session. */
  error(error: unknown): unknown {
    return snowflakeError(error, { account: this.#shared.connections.settings.account, role: this.#shared.connections.settings.role });
  }

  close(): Promise<void> {
    return this.#shared.connections.close();
  }
}
