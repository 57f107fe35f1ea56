import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import type { Broker } from '../../../../src/runtime/resource/broker.ts';
import { z } from 'zod';
import { openEmbeddedBroker } from '../../../../src/drivers/broker/embedded.ts';
import { createMemoryBroker } from '../../../../src/drivers/broker/memory.ts';
import { readAllPublished, readPublished, SCHEMA_TOPIC } from '../../../../src/runtime/schema/evolution/published-schemas.ts';
import { publishSchema, type PublishOptions } from '../../../../src/runtime/schema/evolution/publish-schema.ts';
import { temporaryFolder } from '../../../drivers/temporary-folder.ts';

const { signal } = new AbortController();
const Play = z.object({ id: z.int(), device: z.enum(['mobile', 'tv']) });
const WithSong = Play.extend({ song: z.string().optional() });
const WithRadio = Play.extend({ device: z.enum(['mobile', 'tv', 'radio']) });
const WithoutTv = Play.extend({ device: z.enum(['mobile']) });

const publish = (broker: Broker, schema: z.ZodType, options: Partial<PublishOptions> = {}) =>
  publishSchema({
    broker,
    topic: 'plays',
    schema,
    assetKey: 'stream/plays',
    project: 'plays',
    signal,
    now: () => new Date('2026-01-01T00:00:00Z'),
    ...options,
  });

async function entries(broker: Broker): Promise<readonly { readonly version: number; readonly topic: string }[]> {
  const { start, end } = (await broker.offsets(SCHEMA_TOPIC.name))[0]!;
  const found: { version: number; topic: string }[] = [];
  for await (const batch of broker.read(SCHEMA_TOPIC.name, 0, { from: start, to: end }))
    found.push(...batch.map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as { version: number; topic: string }));
  return found;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const brokers: Readonly<Record<string, () => Promise<Broker>>> = {
  memory: async () => createMemoryBroker(),
  embedded: async () => {
    const broker = await openEmbeddedBroker({ directory: join(await temporaryFolder(), 'broker'), faults: noFaults });
    closing.push(() => broker.close());
    return broker;
  },
};

for (const [name, open] of Object.entries(brokers)) {
  describe(`publishing a schema (${name} broker)`, () => {
    it('keeps topic, version, JSON Schema, fingerprint, time and project in a topic of one partition that keeps them forever', async () => {
      const broker = await open();
      expect(await publish(broker, Play)).toEqual({ published: true, version: 1, class: 'identical' });
      expect(await entries(broker)).toEqual([
        {
          topic: 'plays',
          version: 1,
          schema: expect.objectContaining({ type: 'object', required: ['id', 'device'] }),
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          publishedAt: '2026-01-01T00:00:00.000Z',
          project: 'plays',
        },
      ]);
      expect(await broker.ensureTopic(SCHEMA_TOPIC)).toEqual({ retention: 'forever' });
    });

    it('writes nothing where the same schema is published', async () => {
      const broker = await open();
      await publish(broker, Play);
      expect(await publish(broker, z.object({ device: z.enum(['tv', 'mobile']), id: z.int() }))).toEqual({
        published: false,
        version: 1,
        class: 'identical',
      });
      expect(await entries(broker)).toHaveLength(1);
    });

    it('publishes what lets every old record pass, and says whether readers may meet what they did not know', async () => {
      const broker = await open();
      await publish(broker, Play);
      expect(await publish(broker, WithSong)).toEqual({ published: true, version: 2, class: 'compatible' });
      expect(await publish(broker, WithRadio.extend(WithSong.shape).extend({ device: WithRadio.shape.device }))).toMatchObject({
        version: 3,
        class: 'widening',
      });
      expect((await entries(broker)).map(({ version }) => version)).toEqual([1, 2, 3]);
    });

    it('refuses what breaks, names asset, topic and field, and leaves what is published', async () => {
      const broker = await open();
      await publish(broker, Play);
      const refused = publish(broker, WithoutTv.extend({ city: z.string() }));
      await expect(refused).rejects.toMatchObject({
        code: 'SCHEMA_BREAKING',
        transient: false,
        place: { asset: 'stream/plays', field: 'city' },
        message:
          'The schema of stream/plays refuses records that the published schema of its topic plays (version 1) allows: city: must be there, and was not declared; device: "tv" is refused.',
        issues: ['city: must be there, and was not declared', 'device: "tv" is refused'],
        remedy: expect.stringContaining('spindle diff stream/plays --accept'),
      });
      expect(await entries(broker)).toHaveLength(1);
    });

    it('publishes what breaks where that is meant, and compares the next change with it', async () => {
      const broker = await open();
      await publish(broker, Play);
      expect(await publish(broker, WithoutTv, { accept: true })).toEqual({ published: true, version: 2, class: 'breaking' });
      expect(await publish(broker, Play)).toMatchObject({ version: 3, class: 'widening' });
    });

    it('keeps topics apart', async () => {
      const broker = await open();
      await publish(broker, Play);
      expect(await publish(broker, WithoutTv, { topic: 'others' })).toMatchObject({ version: 1 });
      expect([...(await readAllPublished({ broker, signal })).keys()].toSorted()).toEqual(['others', 'plays']);
    });
  });
}

describe('publishing at once', () => {
  it('of the same schema publishes it for both', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    const both = await Promise.all([publish(broker, WithSong), publish(broker, WithSong)]);
    expect(both.map(({ version }) => version)).toEqual([2, 2]);
    expect(await publish(broker, WithSong)).toMatchObject({ published: false, version: 2 });
  });

  it('of two changes that go together lets both through, one after the other', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    const both = await Promise.all([publish(broker, WithSong), publish(broker, Play.extend({ city: z.string().optional() }))]);
    expect(both.map(({ version }) => version).toSorted()).toEqual([2, 3]);
    expect((await readPublished('plays', { broker, signal })).schema?.version).toBe(3);
  });

  it('of two that exclude one another refuses one, whose schema does not stay the newest entry', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    const text = Play.extend({ song: z.string().optional() });
    const number = Play.extend({ song: z.int().optional() });
    const outcomes = await Promise.allSettled([publish(broker, text), publish(broker, number)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const winner = outcomes[0]?.status === 'fulfilled' ? text : number;
    expect(await publish(broker, winner)).toMatchObject({ published: false, version: 2 });
    const { schema, isNewest } = await readPublished('plays', { broker, signal });
    expect(isNewest).toBe(true);
    expect((await entries(broker)).at(-1)).toEqual(schema);
  });

  it('of the first schemas of a topic decides as well', async () => {
    const broker = createMemoryBroker();
    const outcomes = await Promise.allSettled([publish(broker, Play), publish(broker, z.object({ id: z.string() }))]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('what is published', () => {
  it('is found behind many newer entries of other topics, by growing steps', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    for (let index = 0; index < 100; index++)
      await publish(broker, WithSong, { topic: `other-${index % 7}`, accept: true, now: () => new Date(index) });
    const filler = Array.from({ length: 2_000 }, () => ({
      partition: 0,
      key: 'filler',
      value: Buffer.from('{}'),
      headers: {},
      timestamp: 0,
    }));
    await broker.produce(SCHEMA_TOPIC.name, filler);
    expect((await readPublished('plays', { broker, signal })).schema).toMatchObject({ version: 1 });
    expect((await readPublished('nothing', { broker, signal })).schema).toBeUndefined();
  });

  it('is nothing where somebody deleted it', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    await broker.produce(SCHEMA_TOPIC.name, [{ partition: 0, key: 'plays', value: null, headers: {}, timestamp: 0 }]);
    expect(await publish(broker, WithoutTv)).toMatchObject({ version: 1, published: true });
  });

  it('is told to be damaged where the newest entry is something else', async () => {
    const broker = createMemoryBroker();
    await publish(broker, Play);
    await broker.produce(SCHEMA_TOPIC.name, [{ partition: 0, key: 'plays', value: Buffer.from('{"a":1}'), headers: {}, timestamp: 0 }]);
    await expect(publish(broker, Play)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('offset 1 of the topic spindle.schemas'),
    });
  });

  it('creates nothing when it is only asked for', async () => {
    const broker = createMemoryBroker();
    expect(await readPublished('plays', { broker, signal })).toMatchObject({ schema: undefined });
    expect(await broker.topicNames()).toEqual([]);
  });
});
