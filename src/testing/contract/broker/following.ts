import type { BrokerRecord } from '../../../runtime/resource/broker.ts';
import type { TestFramework } from '../test-framework.ts';
import { keysOf, readAll, records, TOPIC, withTopic, type BrokerUnderTest } from './fixture.ts';

const forever = { from: 0, to: Infinity };

export function followingContract({ describe, it, expect }: TestFramework, broker: BrokerUnderTest): void {
  describe('a reader that follows', () => {
    it(
      'waits at the end of the partition for more records, up to the end of its span',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 2));
        const read: BrokerRecord[] = [];
        let produced = 2;
        for await (const batch of client.read(TOPIC, 0, { from: 0, to: 6 }, { follow: true })) {
          read.push(...batch);
          if (read.length === produced && produced < 8) await client.produce(TOPIC, records(0, produced, (produced += 2)));
        }
        expect(keysOf(read)).toEqual(keysOf(records(0, 0, 6)));
      }),
    );
    it(
      'of an empty partition gets its first record, and does not hold up the readers of others',
      withTopic(broker, async (client) => {
        const idle = client.read(TOPIC, 0, forever, { follow: true })[Symbol.asyncIterator]();
        const first = idle.next();
        const other = client.read(TOPIC, 2, forever, { follow: true })[Symbol.asyncIterator]();
        for (let i = 0; i < 20; i++) {
          await client.produce(TOPIC, records(2, i, i + 1));
          expect(keysOf((await other.next()).value as readonly BrokerRecord[])).toEqual([`key-${i}`]);
        }
        await client.produce(TOPIC, records(0, 0, 1));
        expect(keysOf((await first).value as readonly BrokerRecord[])).toEqual(['key-0']);
        await idle.return?.();
        await other.return?.();
      }),
    );
    it(
      'ends with the reason of its signal, whether it waits already or not',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 1));
        const stopping = new AbortController();
        const reading = client.read(TOPIC, 0, forever, { follow: true, signal: stopping.signal })[Symbol.asyncIterator]();
        expect(keysOf((await reading.next()).value as readonly BrokerRecord[])).toEqual(['key-0']);
        const waiting = reading.next();
        stopping.abort(new Error('stopped'));
        await expect(waiting).rejects.toMatchObject({ message: 'stopped' });
        const late = client.read(TOPIC, 0, forever, { follow: true, signal: stopping.signal })[Symbol.asyncIterator]().next();
        await expect(late).rejects.toMatchObject({ message: 'stopped' });
      }),
    );
    it(
      'that turns away leaves the broker to others',
      withTopic(broker, async (client) => {
        await client.produce(TOPIC, records(0, 0, 3));
        for await (const batch of client.read(TOPIC, 0, forever, { follow: true })) if (batch.length > 0) break;
        expect((await readAll(client, 0)).length).toBe(3);
      }),
    );
  });
}
