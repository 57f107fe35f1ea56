import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Broker } from '../../../../src/runtime/resource/broker.ts';
import { readAllPublished, readPublished, SCHEMA_TOPIC } from '../../../../src/runtime/schema/evolution/published-schemas.ts';
import { publishSchema, type Publication, type PublishOptions } from '../../../../src/runtime/schema/evolution/publish-schema.ts';

const { signal } = new AbortController();
export const Play = z.object({ id: z.int(), device: z.enum(['mobile', 'tv']) });
export const WithSong = Play.extend({ song: z.string().optional() });
export const WithoutTv = Play.extend({ device: z.enum(['mobile']) });
const WithRadio = WithSong.extend({ device: z.enum(['mobile', 'tv', 'radio']) });

export type Publish = (schema: z.ZodType, options?: Partial<PublishOptions>) => Promise<Publication>;

export const publisher =
  (broker: Broker, topic: string): Publish =>
  (schema, options = {}) =>
    publishSchema({
      broker,
      topic,
      schema,
      assetKey: 'stream/plays',
      project: 'plays',
      signal,
      now: () => new Date('2026-01-01T00:00:00Z'),
      ...options,
    });

/** What the schema topic holds of one topic, each as it was written. */
export async function entriesOf(broker: Broker, topic: string): Promise<readonly { readonly version: number }[]> {
  const { start, end } = (await broker.offsets(SCHEMA_TOPIC.name))[0]!;
  const found: { readonly version: number }[] = [];
  for await (const batch of broker.read(SCHEMA_TOPIC.name, 0, { from: start, to: end })) {
    const own = batch.filter(({ key }) => key === topic);
    found.push(...own.map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as { readonly version: number }));
  }
  return found;
}

/** Two clients of one broker: of some brokers the same one twice. */
export type OpenTwo = () => Promise<readonly [Broker, Broker]>;

/** How schemas are published, on whatever broker. Each test has a topic of its own. */
export function describePublishing(name: string, open: OpenTwo): void {
  const start = async () => {
    const [broker, other] = await open();
    const topic = `plays-${randomUUID()}`;
    return {
      broker,
      topic,
      publish: publisher(broker, topic),
      elsewhere: publisher(other, topic),
      entries: () => entriesOf(broker, topic),
    };
  };

  describe(`publishing a schema (${name})`, () => {
    it('keeps topic, version, JSON Schema, fingerprint, time and project in a topic of one partition that keeps them forever', async () => {
      const { broker, topic, publish, entries } = await start();
      expect(await publish(Play)).toEqual({ published: true, version: 1, class: 'identical' });
      expect(await entries()).toEqual([
        {
          topic,
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
      const { publish, elsewhere, entries } = await start();
      await publish(Play);
      const reordered = z.object({ device: z.enum(['tv', 'mobile']), id: z.int() });
      expect(await elsewhere(reordered)).toEqual({ published: false, version: 1, class: 'identical' });
      expect(await entries()).toHaveLength(1);
    });

    it('publishes what lets every old record pass, and says whether readers may meet what they did not know', async () => {
      const { publish, elsewhere, entries } = await start();
      await publish(Play);
      expect(await elsewhere(WithSong)).toEqual({ published: true, version: 2, class: 'compatible' });
      expect(await publish(WithRadio)).toEqual({ published: true, version: 3, class: 'widening' });
      expect((await entries()).map(({ version }) => version)).toEqual([1, 2, 3]);
    });

    it('refuses what breaks, names asset, topic and fields, and leaves what is published', async () => {
      const { topic, publish, elsewhere, entries } = await start();
      await publish(Play);
      await expect(elsewhere(WithoutTv.extend({ city: z.string() }))).rejects.toMatchObject({
        code: 'SCHEMA_BREAKING',
        transient: false,
        place: { asset: 'stream/plays', field: 'city' },
        message: `The schema of stream/plays refuses records that the published schema of its topic ${topic} (version 1) allows: city: must be there, and was not declared; device: "tv" is refused.`,
        issues: ['city: must be there, and was not declared', 'device: "tv" is refused'],
        remedy: expect.stringContaining('spindle diff stream/plays --accept'),
      });
      expect(await entries()).toHaveLength(1);
    });

    it('publishes what breaks where that is meant, and compares the next change with it', async () => {
      const { publish } = await start();
      await publish(Play);
      expect(await publish(WithoutTv, { accept: true })).toEqual({ published: true, version: 2, class: 'breaking' });
      expect(await publish(Play)).toMatchObject({ version: 3, class: 'widening' });
    });

    it('keeps topics apart', async () => {
      const { broker, topic, publish } = await start();
      await publish(Play);
      expect(await publish(WithoutTv, { topic: `${topic}-2` })).toMatchObject({ version: 1 });
      expect([...(await readAllPublished({ broker, signal })).keys()]).toEqual(expect.arrayContaining([topic, `${topic}-2`]));
    });
  });

  describe(`publishing at once (${name})`, () => {
    it('of the same schema publishes it for both', async () => {
      const { publish, elsewhere } = await start();
      await publish(Play);
      const both = await Promise.all([publish(WithSong), elsewhere(WithSong)]);
      expect(both.map(({ version }) => version)).toEqual([2, 2]);
      expect(await publish(WithSong)).toMatchObject({ published: false, version: 2 });
    });

    it('of two changes that go together lets both through, one after the other', async () => {
      const { broker, topic, publish, elsewhere } = await start();
      await publish(Play);
      const both = await Promise.all([publish(WithSong), elsewhere(Play.extend({ city: z.string().optional() }))]);
      expect(both.map(({ version }) => version).toSorted()).toEqual([2, 3]);
      expect((await readPublished(topic, { broker, signal })).schema?.version).toBe(3);
    });

    it('of two that exclude one another refuses one, whose schema does not stay the newest entry', async () => {
      const { broker, topic, publish, elsewhere, entries } = await start();
      await publish(Play);
      const [text, number] = [Play.extend({ song: z.string().optional() }), Play.extend({ song: z.int().optional() })];
      const outcomes = await Promise.allSettled([publish(text), elsewhere(number)]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'SCHEMA_BREAKING' } });
      const winner = outcomes[0].status === 'fulfilled' ? text : number;
      expect(await publish(winner)).toMatchObject({ published: false, version: 2 });
      const { schema, isNewest } = await readPublished(topic, { broker, signal });
      expect(isNewest).toBe(true);
      expect((await entries()).at(-1)).toEqual(schema);
    });

    it('of the first schemas of a topic decides as well', async () => {
      const { publish, elsewhere } = await start();
      const outcomes = await Promise.allSettled([publish(Play), elsewhere(z.object({ id: z.string() }))]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('of many gives each a version, or a reason', async () => {
      const { publish, elsewhere, entries } = await start();
      const fields = Array.from({ length: 6 }, (_, index) => Play.extend({ [`more${index}`]: z.string().optional() }));
      const done = await Promise.all(fields.map((schema, index) => (index % 2 === 0 ? publish : elsewhere)(schema)));
      expect(done.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
      expect((await entries()).length).toBeGreaterThanOrEqual(6);
    });
  });
}
