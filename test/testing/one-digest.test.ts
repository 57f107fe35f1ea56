import {
  assets,
  asset,
  check,
  configure,
  given,
  landed,
  landing,
  materialize,
  objects,
  partitions,
  source,
  table,
  topic,
  value,
  window,
} from 'spindle';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Play = z.object({ id: z.string(), song: z.string(), at: z.iso.datetime(), weight: z.number() });
const daily = partitions.daily({ start: '2025-12-25' });
const onDays = (name: string) => table(name, z.object({ day: z.iso.date(), song: z.string(), n: z.number() }), { partitionBy: 'day' });

const songs = source('songs', { store: value(z.array(z.string())) });
const seeds = asset('seeds', { config: z.object({ count: z.int().default(40) }) }).run((_, { config, random }) =>
  Array.from({ length: config.count }, () => random()),
);
const stream = asset('stream/plays', {
  store: topic('plays', Play, { partitions: 3, key: ({ song }) => song }),
  deps: { seeds, songs },
}).run(async function* ({ seeds, songs }, { random, now }) {
  for (const [index, seed] of seeds.entries()) {
    const at = new Date(now().getTime() - Math.floor(random() * 6 * 86_400_000)).toISOString();
    yield { id: `${index}`, song: songs[Math.floor(seed * songs.length)]!, at, weight: random() };
  }
});
const lake = asset('lake/plays', { store: landing('plays', Play), deps: { stream } }).run(({ stream }) => stream);
const bronze = asset('bronze/plays', {
  store: table('bronze.plays', landed(Play), { write: 'append', partitionBy: 'at' }),
  deps: { lake },
}).run(({ lake }) => lake);
const silver = asset('silver/plays', {
  store: onDays('silver.plays'),
  deps: { bronze },
  partitions: daily,
  retry: { attempts: 3 },
}).run(async ({ bronze }, { partition, random, step }) => {
  if (step.attempt === 1 && partition.key.endsWith('9')) throw Object.assign(new Error('busy'), { transient: true });
  return (await bronze.all()).map(({ song }) => ({ day: partition.key, song, n: random() }));
});
const { loud, quiet } = assets({
  outputs: {
    loud: { key: 'gold/loud', store: onDays('gold.loud') },
    quiet: { key: 'gold/quiet', store: objects('gold/quiet', z.object({ n: z.number() })) },
  },
  deps: { silver },
  partitions: daily,
}).run(async ({ silver }, { random }) => {
  const rows = (await silver.all()).map((row) => ({ ...row, n: row.n + random() }));
  async function* quiet() {
    for (const { n } of rows) if (n <= 1) yield { n: n + random() };
  }
  return { loud: rows.filter(({ n }) => n > 1), quiet: quiet() };
});
const trend = asset('gold/trend', { store: value(z.number()), deps: { days: window(silver, { from: -2, to: 0 }) }, partitions: daily }).run(
  async ({ days }, { random }) => (await days.count()) + random(),
);
const total = asset('gold/total', { store: value(z.number()), deps: { silver } }).run(async ({ silver }, { random }) => {
  const numbers = (await silver.all()).map(({ n }) => n);
  return numbers.toSorted((a, b) => a - b).reduce((sum, n) => sum + n, 0) + random();
});
const some = check(total, 'is drawn', { blocking: true }).run((n, { random, metadata }) => {
  metadata({ drawn: random() });
  return { passed: n > 0 };
});
const odd = check(trend, 'is odd', { severity: 'warn' }).run((n, { random }) => ({ passed: Math.floor(n + random()) % 2 === 1 }));
const leaves = Array.from({ length: 8 }, (_, index) =>
  asset(`leaf/${index}`, { deps: { total } }).run(({ total }, { random }) => total + random()),
);

const run = (options: { readonly concurrency: number; readonly seed?: number }) =>
  materialize([seeds, stream, lake, bronze, silver, loud, quiet, trend, total, ...leaves], {
    ...ephemeral(),
    ...options,
    checks: [some, odd],
    config: [configure(seeds, { count: 60 })],
    given: [given(songs, ['a', 'b', 'c', 'd'])],
  });

describe('the same run', () => {
  it('has one digest and one outcome over 100 repeats, one step at a time and sixteen', { timeout: 120_000 }, async () => {
    const outcomes = new Set<string>();
    for (let repeat = 0; repeat < 100; repeat++) {
      const made = (await run({ concurrency: repeat % 2 === 0 ? 1 : 16 })).orThrow();
      outcomes.add(
        JSON.stringify([
          made.digest,
          [...made.ran].toSorted(),
          made.events.filter(({ type }) => type === 'step.retried').length,
          made.events
            .flatMap((event) =>
              event.type === 'check.finished' ? [JSON.stringify([event.check, event.partition, event.passed, event.metadata])] : [],
            )
            .toSorted(),
          await Promise.all(leaves.map((leaf) => made.output(leaf))),
        ]),
      );
    }
    expect(outcomes.size).toBe(1);
    expect([...outcomes][0]).toContain('"gold/loud"');
  });

  it('has another digest with another seed', async () => {
    const [one, other] = await Promise.all([run({ concurrency: 4 }), run({ concurrency: 4, seed: 2 })]);
    expect(one.digest).not.toBe(other.digest);
  });
});
