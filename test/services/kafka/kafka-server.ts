import { afterAll, beforeAll } from 'vitest';
import { startKafka, type KafkaOptions, type KafkaServer } from './server.ts';

/** A Kafka of its own for the tests of a file, or of a `describe`. */
export function kafkaServer(options: KafkaOptions = {}): KafkaServer {
  let started: KafkaServer | undefined;
  const running = (): KafkaServer => {
    if (started === undefined) throw new Error('Kafka is started before the first test, and only then');
    return started;
  };
  beforeAll(async () => {
    started = await startKafka(options);
  });
  afterAll(() => started?.remove());
  return {
    get brokers() {
      return running().brokers;
    },
    get port() {
      return running().port;
    },
    get pid() {
      return running().pid;
    },
    address: (listener) => running().address(listener),
    stop: () => running().stop(),
    kill: () => running().kill(),
    start: () => running().start(),
    tool: (main, args, lines) => running().tool(main, args, lines),
    remove: () => running().remove(),
  };
}
