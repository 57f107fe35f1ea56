import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedBroker } from '../../../../src/drivers/broker/embedded.ts';
import { createMemoryBroker } from '../../../../src/drivers/broker/memory.ts';
import type { Broker } from '../../../../src/runtime/resource/broker.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import { JUDGED_TO, readPublished, SCHEMA_TOPIC } from '../../../../src/runtime/schema/evolution/published-schemas.ts';
import { temporaryFolder } from '../../../drivers/temporary-folder.ts';
import { describePublishing, entriesOf, Play, publisher, WithoutTv, WithSong } from './publishing.ts';

const { signal } = new AbortController();
const twice = (broker: Broker) => [broker, broker] as const;

describePublishing('memory', async () => twice(createMemoryBroker()));
describePublishing('embedded', async () => {
  const broker = await openEmbeddedBroker({ directory: join(await temporaryFolder(), 'broker'), faults: noFaults });
  onTestFinished(() => broker.close());
  return twice(broker);
});

const record = (value: string | null, headers: Readonly<Record<string, string>> = {}) => ({
  partition: 0,
  key: 'plays',
  value: value === null ? null : Buffer.from(value),
  headers,
  timestamp: 0,
});

describe('what is published', () => {
  it('is found behind many newer entries of other topics, by growing steps', async () => {
    const broker = createMemoryBroker();
    await publisher(broker, 'plays')(Play);
    for (let index = 0; index < 30; index++) await publisher(broker, `other-${index}`)(WithSong);
    await broker.produce(
      SCHEMA_TOPIC.name,
      Array.from({ length: 2_000 }, () => ({ ...record('{}'), key: 'filler' })),
    );
    expect((await readPublished('plays', { broker, signal })).schema).toMatchObject({ version: 1 });
    expect((await readPublished('nothing', { broker, signal })).schema).toBeUndefined();
  });

  it('is the entry that others may believe in, also after a publisher died behind its own', async () => {
    const broker = createMemoryBroker();
    const publish = publisher(broker, 'plays');
    await publish(Play);
    await publish(WithSong);
    const [first] = await entriesOf(broker, 'plays');
    // compared with nothing, as by one that had read the topic before the others wrote
    await broker.produce(SCHEMA_TOPIC.name, [record(JSON.stringify({ ...first, version: 9 }), { [JUDGED_TO]: '0' })]);
    expect(await readPublished('plays', { broker, signal })).toMatchObject({ schema: { version: 2 }, isNewest: false });
    expect(await publish(WithSong)).toMatchObject({ published: false, version: 2 });
    expect((await entriesOf(broker, 'plays')).map(({ version }) => version)).toEqual([1, 2, 9, 2]);
    expect(await readPublished('plays', { broker, signal })).toMatchObject({ schema: { version: 2 }, isNewest: true });
  });

  it('is nothing where somebody deleted it', async () => {
    const broker = createMemoryBroker();
    await publisher(broker, 'plays')(Play);
    await broker.produce(SCHEMA_TOPIC.name, [record(null)]);
    expect(await publisher(broker, 'plays')(WithoutTv)).toMatchObject({ version: 1, published: true });
  });

  it('is told to be damaged where the newest entry is something else', async () => {
    const broker = createMemoryBroker();
    await publisher(broker, 'plays')(Play);
    await broker.produce(SCHEMA_TOPIC.name, [record('{"a":1}')]);
    await expect(publisher(broker, 'plays')(Play)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('offset 1 of the topic spindle.schemas'),
    });
  });

  it('creates nothing when it is only asked for', async () => {
    const broker = createMemoryBroker();
    expect(await readPublished('plays', { broker, signal })).toMatchObject({ schema: undefined });
    expect(await broker.topicNames()).toEqual([]);
  });

  it('is refused where the topic for it would forget it', async () => {
    const broker = createMemoryBroker();
    await broker.ensureTopic({ ...SCHEMA_TOPIC, retention: 60_000 });
    await expect(publisher(broker, 'plays')(Play)).rejects.toMatchObject({
      code: 'TOPIC_MISMATCH',
      message: expect.stringContaining('spindle.schemas'),
    });
  });
});
