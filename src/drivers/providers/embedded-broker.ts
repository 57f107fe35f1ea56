import { join } from 'node:path';
import type { Broker } from '../../runtime/resource/broker.ts';
import type { Provider } from '../../runtime/resource/resource.ts';

/** A broker in this process, its topics in segment files under the environment's folder. */
export function embeddedBroker(): Provider<Broker & { close(): Promise<void> }> {
  return {
    embedded: 'exclusive',
    async open({ directory, faults }) {
      const { openEmbeddedBroker } = await import('../broker/embedded.ts');
      return openEmbeddedBroker({ directory: join(directory, 'broker'), faults });
    },
    close: (broker) => broker.close(),
  };
}
