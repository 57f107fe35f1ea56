import { makeKeyPair } from '../../drivers/warehouse/snowflake/keys.ts';
import { startKafka } from '../kafka/server.ts';
import { newBucketName } from '../s3/open.ts';
import { startS3, type S3Server } from '../s3/server.ts';
import { startEmulator, type Emulator } from '../snowflake/server.ts';

type Variables = Readonly<Record<string, string>>;

/** A Kafka broker, a MinIO and the emulator of Snowflake, each new. */
export interface Servers {
  readonly minio: S3Server;
  readonly emulator: Emulator;
  readonly bucket: string;
  /** What is asked for by who only produces and lands. */
  readonly streaming: Variables;
  /** What is asked for by who also loads: a login as docs/snowflake.md sets it up, handed over as docker-compose.yml does. */
  readonly snowflake: Variables;
  /** What may stand in no file. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

const PASSPHRASE = 'open-sesame-and-close-again';

export async function startServers(): Promise<Servers> {
  const { privateKey, publicKey } = makeKeyPair(PASSPHRASE);
  const [kafka, minio, emulator] = await Promise.all([
    startKafka({ version: '4.1.1' }),
    startS3({ server: 'minio' }),
    startEmulator({ env: { SF_EMU_USER: 'SPINDLE', SF_EMU_PUBLIC_KEY: publicKey } }),
  ]);
  const bucket = newBucketName();
  return {
    minio,
    emulator,
    bucket,
    streaming: { SPINDLE_KAFKA_BROKERS: kafka.brokers, ...minio.variables, SPINDLE_S3_BUCKET: bucket },
    snowflake: {
      SPINDLE_SNOWFLAKE_ACCOUNT: 'myorg-myaccount',
      SPINDLE_SNOWFLAKE_USER: 'SPINDLE',
      SPINDLE_SNOWFLAKE_PRIVATE_KEY: privateKey.replaceAll('\n', String.raw`\n`),
      SPINDLE_SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: PASSPHRASE,
      SPINDLE_SNOWFLAKE_ROLE: 'SPOTIFY_DB_LOADER',
      SPINDLE_SNOWFLAKE_WAREHOUSE: 'SPOTIFY_DB_WH',
      SPINDLE_SNOWFLAKE_URL: emulator.url,
    },
    secrets: [PASSPHRASE, privateKey.split('\n')[1] ?? '', minio.secretKey],
    async stop() {
      await Promise.all([kafka.remove(), minio.stop(), emulator.stop()]);
    },
  };
}
