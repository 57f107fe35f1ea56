import type * as kafkajs from 'kafkajs';
import { SpindleError } from '../../../runtime/errors.ts';
import { hasCode } from '../../disk/file-error.ts';
import type { KafkaJsInternals } from './kafka-js-internals.ts';

export interface KafkaJs {
  readonly kafkajs: typeof kafkajs;
  readonly internals: KafkaJsInternals;
}

/**
 * The Kafka client, which a project installs that uses it; DEPENDENCY_NOT_INSTALLED where it did not. Its inner modules are part of no interface: the
 * peer range admits patches of 2.2 only, and this file is the one place that names them (docs/decisions/0013-kafka-by-offset.md).
 */
export async function loadKafkaJs(): Promise<KafkaJs> {
  try {
    const [client, broker, pool, requestQueue, loggers, errors] = await Promise.all([
      import('kafkajs'),
      // @ts-expect-error TS7016: no types are declared for it
      import('kafkajs/src/broker/index.js'),
      // @ts-expect-error TS7016: no types are declared for it
      import('kafkajs/src/network/connectionPool.js'),
      // @ts-expect-error TS7016: no types are declared for it
      import('kafkajs/src/network/requestQueue/index.js'),
      // @ts-expect-error TS7016: no types are declared for it
      import('kafkajs/src/loggers/index.js'),
      // @ts-expect-error TS7016: no types are declared for it
      import('kafkajs/src/protocol/error.js'),
    ]);
    spareTimers(requestQueue.default as RequestQueueClass);
    return {
      kafkajs: client.default as unknown as typeof kafkajs,
      internals: {
        Broker: broker.default,
        ConnectionPool: pool.default,
        createLogger: loggers.default.createLogger,
        createErrorFromCode: errors.default.createErrorFromCode,
      },
    };
  } catch (error) {
    if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new SpindleError('DEPENDENCY_NOT_INSTALLED', '"kafkajs" 2.2, which the Kafka broker needs, is not installed.', {
      field: 'kafkajs',
      remedy: 'Run: npm install kafkajs@~2.2.4',
      cause: error,
    });
  }
}

interface RequestQueueClass {
  readonly prototype: { readonly pending: readonly unknown[]; readonly throttledUntil: number; scheduleCheckPendingRequests(): void };
}

/**
 * kafkajs sets a timer of a negative delay behind each answer, of which Node 24 warns on the console. It needs one only where a request waits or the
 * broker asked for a pause. All who use this copy of kafkajs in the process have it so; a second call changes nothing.
 */
function spareTimers({ prototype }: RequestQueueClass): void {
  const schedule = prototype.scheduleCheckPendingRequests;
  if (schedule.name === 'scheduleWhereNeeded') return;
  prototype.scheduleCheckPendingRequests = function scheduleWhereNeeded(this: RequestQueueClass['prototype']) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
