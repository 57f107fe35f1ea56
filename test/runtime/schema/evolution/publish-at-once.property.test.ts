import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMemoryBroker } from '../../../../src/drivers/broker/memory.ts';
import { isSpindleError } from '../../../../src/runtime/errors.ts';
import type { Broker } from '../../../../src/runtime/resource/broker.ts';
import { compareSchemas } from '../../../../src/runtime/schema/evolution/compare-schemas.ts';
import { readPublished, type PublishedSchema } from '../../../../src/runtime/schema/evolution/published-schemas.ts';
import { wireJsonSchema } from '../../../../src/runtime/schema/evolution/wire-json-schema.ts';
import { entriesOf, publisher } from './publishing.ts';

const { signal } = new AbortController();
const Play = z.object({ id: z.int() });
const FIELDS = [z.string().optional(), z.int().optional(), z.string(), z.enum(['a']).optional()];
const schemas = fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom(...FIELDS)).map(([name, field]) => Play.extend({ [name]: field }));

/** The broker as processes that run side by side see it: each call is answered in an order that is drawn. */
function interleaved(broker: Broker, scheduler: fc.Scheduler): Broker {
  const wait = () => scheduler.schedule(Promise.resolve());
  return {
    ...broker,
    async offsets(topic) {
      await wait();
      return broker.offsets(topic);
    },
    async produce(...call) {
      await wait();
      await broker.produce(...call);
      await wait();
    },
  };
}

describe('schemas that are published at once, in whatever order', { timeout: 120_000 }, () => {
  it('count one after the other, none of which breaks the one before it, and each publisher hears what became of its own', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(schemas, { minLength: 2, maxLength: 5 }), async (scheduler, wanted) => {
        const broker = createMemoryBroker();
        await publisher(broker, 'plays')(Play);
        const shared = interleaved(broker, scheduler);
        const outcomes = await scheduler.waitFor(Promise.allSettled(wanted.map((schema) => publisher(shared, 'plays')(schema))));
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(isSpindleError(outcome.reason) && outcome.reason.code).toBe('SCHEMA_BREAKING');
        refusals += outcomes.filter(({ status }) => status === 'rejected').length;

        const all = (await entriesOf(broker, 'plays')) as readonly PublishedSchema[];
        const versions = Array.from({ length: Math.max(...all.map(({ version }) => version)) }, (_, index) => index + 1);
        const published = outcomes.flatMap((outcome) =>
          outcome.status === 'fulfilled' && outcome.value.published ? [outcome.value.version] : [],
        );
        expect(new Set([1, ...published])).toEqual(new Set(versions));
        // an entry that counts is one that somebody was told of
        const byVersion = versions.map((version) => {
          const index = outcomes.findIndex(
            (outcome) => outcome.status === 'fulfilled' && outcome.value.published && outcome.value.version === version,
          );
          return wireJsonSchema(wanted[index] ?? Play);
        });
        byVersion.forEach((schema, index) => {
          if (index > 0) expect(compareSchemas(byVersion[index - 1]!, schema).class).not.toBe('breaking');
        });
        const last = await readPublished('plays', { broker, signal });
        expect(last).toMatchObject({ isNewest: true, schema: { version: versions.length, schema: byVersion.at(-1) } });
      }),
      { numRuns: 300 },
    );
    expect(refusals).toBeGreaterThan(20);
  });
});
