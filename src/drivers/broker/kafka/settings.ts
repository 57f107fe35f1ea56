/** How the records of a batch are compressed, by Kafka's names; the place in the list is Kafka's number. */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export interface KafkaLogin {
  readonly mechanism: (typeof SASL_MECHANISMS)[number];
  readonly username: string;
  readonly password: string;
}

/** How a cluster is reached and used. Times are milliseconds. */
export interface KafkaSettings {
  /** Brokers to begin with, as host:port. */
  readonly brokers: readonly string[];
  readonly login?: KafkaLogin;
  /** Whether TLS is spoken; with a text of PEM, the authorities that are trusted in place of the system's. */
  readonly tls: boolean | { readonly ca: string };
  readonly clientId: string;
  readonly compression: Compression;
  /** Copies of the partitions of topics that are created; the broker's own default unless given. */
  readonly replication?: number;
  /** A member of a group that was not heard of for so long has left it. */
  readonly sessionTimeout: number;
  /** How long one call goes on trying while the cluster is not able to serve it. */
  readonly patience: number;
}
