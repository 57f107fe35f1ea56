import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { closedError } from './kafka-error.ts';
import type { ConnectionOptions, KafkaJsBroker, KafkaJsConnectionPool, KafkaJsInternals } from './kafka-js-internals.ts';
import type { KafkaSettings } from './settings.ts';

const CONNECT_MILLISECONDS = 3_000;
const LOGIN_MILLISECONDS = 5_000;
/** Longer than a broker takes for any answer by itself: a produce waits 10 s for its replicas. */
const REQUEST_MILLISECONDS = 15_000;
const KEEP_ALIVE_MILLISECONDS = 60_000;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Of an API that Spindle encodes and decodes itself. */
export interface RawApi {
  readonly key: number;
  readonly version: number;
  readonly name: string;
}

/** What nodes are made of: kafkajs's inner modules, and how all connections are made. */
export interface NodeParts {
  readonly internals: KafkaJsInternals;
  readonly connection: ConnectionOptions;
}

/** How sockets are opened: small requests go out at once, which kafkajs's own sockets let wait. */
export function openSocket({ host, port, ssl, onConnect }: Parameters<ConnectionOptions['socketFactory']>[0]): Socket {
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const socket =
    ssl === null || ssl === undefined
      ? connectPlain({ host, port }, onConnect)
      : connectTls({ host, port, ...servername, ...ssl }, onConnect);
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
}

/** Connections and login as kafkajs wants them. */
export function connectionSettings({ tls, login }: KafkaSettings): { ssl: object | undefined; sasl: ConnectionOptions['sasl'] } {
  return { ssl: tls === false ? undefined : tls === true ? {} : { ca: [tls.ca] }, sasl: login && { ...login } };
}

export function nodeParts(internals: KafkaJsInternals, settings: KafkaSettings): NodeParts {
  return {
    internals,
    connection: {
      clientId: settings.clientId,
      // what fails here is told by the errors that it ends in
      logger: internals.createLogger({ level: 0, logCreator: () => () => undefined }),
      ...connectionSettings(settings),
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      socketFactory: openSocket,
    },
  };
}

/** Two connections to one broker of the cluster: one for fetches, which may wait for records, one for all else. Opened, with the login, when first used. */
export class Node {
  readonly #pool: KafkaJsConnectionPool;
  readonly #broker: KafkaJsBroker;
  #opening: Promise<void> | undefined;
  readonly #connecting: (Promise<unknown> | undefined)[] = [];
  #closed: Error | undefined;

  constructor({ internals, connection }: NodeParts, address: Address) {
    this.#pool = new internals.ConnectionPool({ ...connection, ...address });
    this.#broker = new internals.Broker({
      connectionPool: this.#pool,
      logger: connection.logger,
      authenticationTimeout: LOGIN_MILLISECONDS,
      allowAutoTopicCreation: false,
    });
  }

  get isConnected(): boolean {
    return this.#broker.isConnected();
  }

  /** A request that kafkajs encodes and decodes. */
  async call<T>(request: (broker: KafkaJsBroker) => Promise<T>): Promise<T> {
    await this.#ready(0);
    return request(this.#broker);
  }

  /** Whether the broker knows this version of the API. */
  async serves(api: RawApi): Promise<boolean> {
    await this.#ready(0);
    return this.#serves(api);
  }

  #serves({ key, version }: RawApi): boolean {
    const range = this.#broker.versions?.[key];
    return range !== undefined && range.minVersion <= version && version <= range.maxVersion;
  }

  /** Sends what Spindle encoded and gives the bytes of the answer. */
  async send(api: RawApi, body: Buffer, { fetches }: { readonly fetches: boolean }): Promise<Buffer> {
    await this.#ready(fetches ? 1 : 0);
    const { key, version, name } = api;
    if (!this.#serves(api))
      throw Object.assign(new Error(`${name} ${version} is not served`), { name: 'KafkaJSServerDoesNotSupportApiKey' });
    return this.#pool.send({
      request: { apiKey: key, apiVersion: version, apiName: name, encode: async () => ({ buf: body, buffer: body }) },
      response: { decode: async (answer) => answer, parse: async (answer) => answer },
    });
  }

  /** What is under way fails at once, for the reason that is given. */
  async close(reason: Error = closedError()): Promise<void> {
    this.#closed ??= reason;
    for (const connection of this.#pool.pool) connection.rejectRequests(this.#closed);
    await this.#broker.disconnect();
    // a broker that stands still would not close its end
    for (const { socket } of this.#pool.pool) socket?.destroy();
  }

  /** kafkajs opens a second socket where two requests find a connection closed: here the second one waits for the first. */
  async #ready(index: 0 | 1): Promise<void> {
    await this.#refuseClosed();
    // the socket is open before it is known what the broker serves
    const isOpen = this.#opening === undefined && this.#broker.versions !== null && this.#broker.isConnected();
    if (!isOpen) await (this.#opening ??= this.#broker.connect().finally(() => (this.#opening = undefined)));
    const connection = this.#pool.pool[index];
    if (!connection.isConnected()) {
      await (this.#connecting[index] ??= connection.connect().finally(() => (this.#connecting[index] = undefined)));
    }
    await this.#refuseClosed();
  }
  /** Also what was opened after it was closed is closed. */
  async #refuseClosed(): Promise<void> {
    const reason = this.#closed;
    if (reason === undefined) return;
    await this.close();
    throw reason;
  }
}
