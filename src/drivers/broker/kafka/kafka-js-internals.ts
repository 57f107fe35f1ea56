import type { Socket } from 'node:net';

/*
 * What Spindle uses of kafkajs 2.2's inner modules: one node's connections with their login, and the requests that are seldom made. Offsets are
 * decimal strings, as kafkajs has them. Every method rejects with an error of kafkajs, which error.ts tells apart.
 */

interface TopicPartitions<T> {
  readonly topic: string;
  readonly partitions: readonly T[];
}

interface Login {
  readonly mechanism: string;
  readonly username: string;
  readonly password: string;
}

/** What all connections of a client are made with. Times are milliseconds. */
export interface ConnectionOptions {
  readonly clientId: string;
  readonly logger: unknown;
  readonly ssl: object | undefined;
  readonly sasl: Login | undefined;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: true;
  readonly maxInFlightRequests: null;
  readonly socketFactory: (options: {
    readonly host: string;
    readonly port: number;
    readonly ssl: object | null | undefined;
    readonly onConnect: () => void;
  }) => Socket;
}

export interface KafkaJsConnection {
  readonly socket?: Socket;
  isConnected(): boolean;
  connect(): Promise<unknown>;
  rejectRequests(error: Error): void;
}

/** A request whose answer is handed over as the bytes that came. */
export interface RawRequest {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (answer: Buffer) => Promise<Buffer>;
    readonly parse: (answer: Buffer) => Promise<Buffer>;
  };
}

export interface KafkaJsConnectionPool {
  /** The first is for everything but Fetch, which has the second. */
  readonly pool: readonly [KafkaJsConnection, KafkaJsConnection];
  send(request: RawRequest): Promise<Buffer>;
}

export interface KafkaJsBroker {
  /** Null until it is connected. */
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
  isConnected(): boolean;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  createTopics(request: {
    readonly topics: readonly {
      readonly topic: string;
      readonly numPartitions: number;
      readonly replicationFactor: number;
      readonly configEntries: readonly { readonly name: string; readonly value: string }[];
    }[];
    readonly timeout: number;
  }): Promise<unknown>;
  describeConfigs(request: {
    readonly resources: readonly { readonly type: number; readonly name: string; readonly configNames: readonly string[] }[];
  }): Promise<{
    readonly resources: readonly {
      readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
    }[];
  }>;
  listOffsets(request: {
    readonly replicaId: number;
    readonly isolationLevel: number;
    readonly topics: readonly TopicPartitions<{ readonly partition: number; readonly timestamp: number }>[];
  }): Promise<{ readonly responses: readonly TopicPartitions<{ readonly partition: number; readonly offset: string }>[] }>;
  findGroupCoordinator(request: {
    readonly groupId: string;
    readonly coordinatorType: number;
  }): Promise<{ readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number } }>;
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly topics: readonly TopicPartitions<{ readonly partition: number; readonly offset: string; readonly metadata: string }>[];
  }): Promise<unknown>;
  offsetFetch(request: { readonly groupId: string; readonly topics: readonly TopicPartitions<{ readonly partition: number }>[] }): Promise<{
    readonly responses: readonly TopicPartitions<{
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
    }>[];
  }>;
  initProducerId(request: {
    readonly transactionTimeout: number;
  }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
}

export interface KafkaJsInternals {
  readonly Broker: new (options: {
    readonly connectionPool: KafkaJsConnectionPool;
    readonly logger: unknown;
    readonly authenticationTimeout: number;
    readonly allowAutoTopicCreation: false;
  }) => KafkaJsBroker;
  readonly ConnectionPool: new (options: ConnectionOptions & { readonly host: string; readonly port: number }) => KafkaJsConnectionPool;
  readonly createLogger: (options: { readonly level: number; readonly logCreator: () => () => void }) => unknown;
  readonly createErrorFromCode: (code: number) => Error & { readonly type: string };
}
