import { closedError, isConnectionError, isTransient, toSpindleError, typeOf, type Purpose } from './kafka-error.ts';
import type { KafkaJsInternals } from './kafka-js-internals.ts';
import { Node, nodeParts, type Address, type NodeParts } from './node.ts';
import { tryAgain } from './patience.ts';
import type { KafkaSettings } from './settings.ts';
import { decodeMetadata, encodeMetadata, METADATA, type Metadata } from './wire/metadata.ts';

/**
 * What a connection is used for. Requests of one connection are served one after the other, so what may take its time has connections apart from what
 * must not wait: `control` asks short questions and fetches records that are there, `bulk` produces and waits for records that are not there yet.
 */
export type Lane = 'control' | 'bulk';

/** How long a call insists that an address answers which never did. */
const FIRST_PATIENCE = 5_000;

/** The brokers of a cluster, by the numbers that they have there. */
export class Cluster {
  readonly settings: KafkaSettings;
  readonly #parts: NodeParts;
  readonly #notify: (message: string) => void;
  readonly #nodes = new Map<string, Node>();
  #addresses: ReadonlyMap<number, Address> = new Map();
  #controller = -1;
  readonly #coordinators = new Map<string, number>();
  #reached = false;
  #troubled = false;
  #closed = false;

  constructor(internals: KafkaJsInternals, settings: KafkaSettings, notify: (message: string) => void) {
    this.settings = settings;
    this.#parts = nodeParts(internals, settings);
    this.#notify = notify;
  }

  /**
   * Does something at the cluster, again where that may help: leaders move, and brokers are started anew. Gives up after the patience of the settings,
   * sooner where the cluster was never reached, and fails with an error of Spindle.
   */
  async perform<T>(purpose: Purpose, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { patience } = this.settings;
    try {
      return await tryAgain(work, {
        patience: this.#reached ? patience : Math.min(patience, FIRST_PATIENCE),
        signal,
        isTransient: (error) => !this.#closed && isTransient(error),
        failed: (error) => this.#tell(error),
      });
    } catch (error) {
      if (this.#closed) throw closedError();
      throw toSpindleError(error, purpose, this.settings);
    }
  }

  /** Asks any broker. What is wrong with a topic is in its error code. */
  async metadata(topics: readonly string[] | 'all'): Promise<Metadata> {
    const answer = await this.any((node) => node.send(METADATA, encodeMetadata(topics), { fetches: false }));
    const metadata = decodeMetadata(answer);
    this.#addresses = new Map(metadata.brokers.map(({ id, host, port }) => [id, { host, port }]));
    this.#controller = metadata.controller;
    return metadata;
  }

  /** An error code of an answer that Spindle decodes itself, as an error. */
  errorOf(code: number): Error {
    return this.#parts.internals.createErrorFromCode(code);
  }

  /** Uses a broker by its number. A connection that fails is given up, so that the next call opens a new one. */
  async at<T>(id: number, lane: Lane, use: (node: Node) => Promise<T>): Promise<T> {
    const address = this.#addresses.get(id);
    // it may have joined since, or its address changed
    if (address === undefined) throw Object.assign(new Error(`broker ${id} is not known`), { name: 'KafkaJSConnectionError' });
    return this.#use(address, lane, use);
  }

  async controller<T>(use: (node: Node) => Promise<T>): Promise<T> {
    if (!this.#addresses.has(this.#controller)) await this.metadata([]);
    return this.at(this.#controller, 'control', use);
  }

  /** Uses the broker that keeps a group's offsets. */
  async coordinator<T>(group: string, use: (node: Node) => Promise<T>): Promise<T> {
    const id = this.#coordinators.get(group) ?? (await this.#findCoordinator(group));
    try {
      return await this.at(id, 'control', use);
    } catch (error) {
      if (isTransient(error)) this.#coordinators.delete(group);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#nodes.values()].map((node) => node.close()));
  }

  async #findCoordinator(groupId: string): Promise<number> {
    const { coordinator } = await this.any((node) => node.call((broker) => broker.findGroupCoordinator({ groupId, coordinatorType: 0 })));
    this.#addresses = new Map([...this.#addresses, [coordinator.nodeId, coordinator]]);
    this.#coordinators.set(groupId, coordinator.nodeId);
    return coordinator.nodeId;
  }

  /** Whichever broker answers first: one that is connected, else those of the cluster and those to begin with in turn. */
  async any<T>(use: (node: Node) => Promise<T>): Promise<T> {
    const addresses = new Map(
      [...this.#addresses.values(), ...this.settings.brokers.map(parseAddress)].map((address) => [keyOf(address), address]),
    );
    const inTurn = [...addresses.values()].toSorted((a, b) => this.#rank(a) - this.#rank(b));
    let failure: unknown;
    for (const address of inTurn) {
      try {
        return await this.#use(address, 'control', use);
      } catch (error) {
        if (!isConnectionError(error) || !isTransient(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #rank(address: Address): number {
    return this.#nodes.get(nodeKey(address, 'control'))?.isConnected ? 0 : 1;
  }

  async #use<T>(address: Address, lane: Lane, use: (node: Node) => Promise<T>): Promise<T> {
    if (this.#closed) throw closedError();
    const key = nodeKey(address, lane);
    const node = this.#nodes.get(key) ?? new Node(this.#parts, address);
    this.#nodes.set(key, node);
    try {
      const result = await use(node);
      this.#reached = true;
      this.#recovered();
      return result;
    } catch (error) {
      if (typeOf(error) !== undefined) this.#reached = true;
      if (isConnectionError(error)) {
        if (this.#nodes.get(key) === node) this.#nodes.delete(key);
        // others who wait for it have lost it as well
        await node.close(error as Error);
      }
      throw error;
    }
  }

  #tell(error: unknown): void {
    if (this.#troubled || !isConnectionError(error)) return;
    this.#troubled = true;
    this.#notify(`Kafka: ${(error as Error).message}; trying again`);
  }

  #recovered(): void {
    if (!this.#troubled) return;
    this.#troubled = false;
    this.#notify('Kafka answers again');
  }
}

const keyOf = ({ host, port }: Address) => `${host}:${port}`;
const nodeKey = (address: Address, lane: Lane) => `${lane} ${keyOf(address)}`;

/** Of host:port, as the settings were checked to be. */
function parseAddress(broker: string): Address {
  const colon = broker.lastIndexOf(':');
  return { host: broker.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(broker.slice(colon + 1)) };
}
