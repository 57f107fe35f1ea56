import kafkajs, { type Admin } from 'kafkajs';
import { Client, type BucketItem } from 'minio';
import { startKafka } from '../../test/services/kafka/server.ts';
import { startS3, type S3ServerName } from '../../test/services/s3/server.ts';
import { TOPIC } from './project.ts';

/** The one broker and object store that all contestants use. */
export interface Rig {
  readonly brokers: string;
  /** What a process needs to use both, with a bucket of its own that is empty. */
  inBucket(name: string): Promise<Readonly<Record<string, string>>>;
  /** A topic of as many partitions as the pipeline's own has. */
  createTopic(topic: string): Promise<void>;
  /** Deletes the topic, as if nothing had been produced or read. */
  forgetTopic(): Promise<void>;
  /** How many records the topic has. */
  records(): Promise<number>;
  objects(bucket: string): Promise<readonly StoredObject[]>;
  stop(): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly stored: number;
}

const { Kafka, logLevel } = kafkajs;

export async function startRig(server: S3ServerName): Promise<Rig> {
  // the events are of simulated time
  const kafka = await startKafka({ properties: { 'log.retention.ms': '-1' } });
  const s3 = await startS3({ server });
  const client = new Client({
    endPoint: '127.0.0.1',
    port: s3.port,
    useSSL: false,
    accessKey: s3.accessKey,
    secretKey: s3.secretKey,
    region: 'us-east-1',
  });
  const withAdmin = async <T>(use: (admin: Admin) => Promise<T>): Promise<T> => {
    const admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  };
  return {
    brokers: kafka.brokers,
    async inBucket(name) {
      await client.makeBucket(name);
      return { SPINDLE_KAFKA_BROKERS: kafka.brokers, SPINDLE_S3_BUCKET: name, ...s3.variables };
    },
    createTopic: (topic) => withAdmin(async (admin) => void (await admin.createTopics({ topics: [{ topic, numPartitions: 4 }] }))),
    async forgetTopic() {
      await withAdmin(async (admin) => {
        const { groups } = await admin.listGroups();
        await admin.deleteGroups(groups.map(({ groupId }) => groupId));
        if ((await admin.listTopics()).includes(TOPIC)) await admin.deleteTopics({ topics: [TOPIC] });
      });
    },
    records: () =>
      withAdmin(async (admin) =>
        (await admin.fetchTopicOffsets(TOPIC)).reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0),
      ),
    async objects(bucket) {
      const objects: StoredObject[] = [];
      for await (const { name, lastModified } of client.listObjectsV2(bucket, '', true) as AsyncIterable<BucketItem>)
        if (name !== undefined && lastModified !== undefined) objects.push({ key: name, stored: lastModified.getTime() });
      return objects;
    },
    async stop() {
      await Promise.all([kafka.remove(), s3.stop()]);
    },
  };
}
