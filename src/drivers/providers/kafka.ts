import { z } from 'zod';
import { SpindleError } from '../../runtime/errors.ts';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { Provider } from '../../runtime/resource/resource.ts';
import { COMPRESSIONS, SASL_MECHANISMS, type Compression, type KafkaLogin } from '../broker/kafka/settings.ts';
import { readNamedFile } from '../disk/named-file.ts';

export interface KafkaSettings {
  /** How the records that are produced are compressed; `none` unless given. zstd needs Node 22.15 or newer, lz4 the package `lz4-napi`, snappy `snappy`. */
  readonly compression?: Compression;
  /** Copies of the partitions of topics that Spindle creates; the broker's own default (`default.replication.factor`) unless given. */
  readonly replication?: number;
  /** What the broker's log and quotas call this client; `spindle` unless given. */
  readonly clientId?: string;
  /** Milliseconds after which a member of a group that was not heard of has left it; 30,000 unless given. The broker allows 6,000 and more unless it is set otherwise. */
  readonly sessionTimeout?: number;
  /** Milliseconds for which a call is tried again while the cluster cannot serve it; 30,000 unless given. A cluster that was never reached fails within 5 seconds. */
  readonly patience?: number;
}

const BROKER = /^([\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i;
const isBroker = (text: string) => Number(BROKER.exec(text)?.[2]) <= 65_535;
const flag = z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'is neither true nor false' });

const variables = z
  .object({
    SPINDLE_KAFKA_BROKERS: z
      .string()
      .transform((text) => text.split(',').map((broker) => broker.trim()))
      .refine((brokers) => brokers.every(isBroker), 'is no comma-separated list of host:port')
      .meta({ description: 'the brokers to begin with, as host:port, separated by commas' }),
    SPINDLE_KAFKA_SASL_MECHANISM: z.enum(SASL_MECHANISMS, `is none of ${SASL_MECHANISMS.join(', ')}`).optional(),
    SPINDLE_KAFKA_USERNAME: z.string().optional(),
    SPINDLE_KAFKA_PASSWORD: z.string().meta({ secret: true }).optional(),
    SPINDLE_KAFKA_TLS: flag.default(false),
    SPINDLE_KAFKA_CA: z.string().optional(),
  })
  .check(({ value, issues }) => {
    const issue = (name: string, message: string) => issues.push({ code: 'custom', message, path: [name], input: undefined });
    const { SPINDLE_KAFKA_USERNAME: username, SPINDLE_KAFKA_PASSWORD: password, SPINDLE_KAFKA_SASL_MECHANISM: mechanism } = value;
    const anyOfLogin = username !== undefined || password !== undefined || mechanism !== undefined;
    if (anyOfLogin && username === undefined) issue('SPINDLE_KAFKA_USERNAME', 'missing');
    if (anyOfLogin && password === undefined) issue('SPINDLE_KAFKA_PASSWORD', 'missing');
    if (value.SPINDLE_KAFKA_CA !== undefined && !value.SPINDLE_KAFKA_TLS)
      issue('SPINDLE_KAFKA_CA', 'only counts with SPINDLE_KAFKA_TLS=true');
  });

/** The broker on Apache Kafka, from version 2.3 on. Needs the package `kafkajs`. */
export function kafka(settings: KafkaSettings = {}): Provider<Broker & { close(): Promise<void> }> {
  const { compression = 'none', replication, clientId = 'spindle', sessionTimeout = 30_000, patience = 30_000 } = settings;
  checkSettings({ compression, replication, sessionTimeout, patience });
  return {
    variables,
    async open(context) {
      const values = context.variables as z.output<typeof variables>;
      const login = loginOf(values);
      const ca = values.SPINDLE_KAFKA_CA;
      const { openKafkaBroker } = await import('../broker/kafka.ts');
      return openKafkaBroker({
        settings: {
          brokers: values.SPINDLE_KAFKA_BROKERS,
          tls:
            ca === undefined
              ? values.SPINDLE_KAFKA_TLS
              : { ca: await readNamedFile(ca, 'SPINDLE_KAFKA_CA', 'Name the file of the certificate of the authority, as PEM.') },
          ...(login !== undefined && { login }),
          ...(replication !== undefined && { replication }),
          clientId,
          compression,
          sessionTimeout,
          patience,
        },
        notify: context.notify,
        faults: context.faults,
      });
    },
    close: (broker) => broker.close(),
  };
}

function checkSettings({ compression, ...numbers }: Readonly<Record<string, unknown>>): void {
  const refuse = (field: string, wanted: string) => {
    throw new SpindleError('CONFIG_INVALID', `kafka({ ${field} }) is ${wanted}`, { field });
  };
  if (!COMPRESSIONS.includes(compression as Compression)) refuse('compression', `one of ${COMPRESSIONS.join(', ')}`);
  for (const [field, value] of Object.entries(numbers))
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) > 0)) refuse(field, 'a whole number above 0');
}

/** PLAIN where no mechanism is named. */
function loginOf(values: z.output<typeof variables>): KafkaLogin | undefined {
  const { SPINDLE_KAFKA_USERNAME: username, SPINDLE_KAFKA_PASSWORD: password, SPINDLE_KAFKA_SASL_MECHANISM: mechanism = 'plain' } = values;
  return username === undefined || password === undefined ? undefined : { mechanism, username, password };
}
