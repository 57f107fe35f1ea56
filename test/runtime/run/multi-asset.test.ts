import { assets, configure, given, asset, materialize, partitions, table, value, type Asset } from 'spindle';
import { ephemeral } from 'spindle/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const Row = z.object({ day: z.iso.date(), n: z.number() });
const daily = partitions.daily({ start: '2025-12-29' });
const onDays = (name: string) => table(name, Row, { partitionBy: 'day' });

describe('a function that yields several assets', () => {
  it('is called once for each partition, with what the spec declares', async () => {
    const calls: string[] = [];
    const { even, odd } = assets({
      outputs: {
        even: { key: 'split/even', store: onDays('split.even'), description: 'Even numbers.', tags: { parity: 'even' } },
        odd: { key: 'split/odd', store: onDays('split.odd') },
      },
      partitions: daily,
      config: z.object({ count: z.int().default(4) }),
      group: 'split',
      tags: { team: 'numbers' },
    }).run((_, { partition, config, random, metadata, step }) => {
      calls.push(`${step.asset} ${partition.key}`);
      metadata({ drawn: random() });
      const rows = Array.from({ length: config.count }, (_x, n) => ({ day: partition.key, n }));
      return { even: rows.filter(({ n }) => n % 2 === 0), odd: rows.filter(({ n }) => n % 2 === 1) };
    });
    const run = await materialize([even, odd], { ...ephemeral(), config: [configure(odd, { count: 3 })] });
    expect(run.ok).toBe(true);
    expect(calls).toEqual(['2025-12-29', '2025-12-30', '2025-12-31'].map((day) => `split/even + split/odd ${day}`));
    expect([await (await run.output(even)).count(), await (await run.output(odd)).count()]).toEqual([6, 3]);
    const drawn = run.events.flatMap((event) =>
      event.type === 'asset.materialized' ? [`${event.partition} ${String(event.metadata['drawn'])}`] : [],
    );
    expect([drawn.length, new Set(drawn).size]).toEqual([6, 3]);
    expect([even.definition.tags, even.definition.description, odd.definition.description]).toEqual([
      { team: 'numbers', parity: 'even' },
      'Even numbers.',
      undefined,
    ]);
  });

  it('is called once for a range of partitions where it can take one', async () => {
    const calls: string[] = [];
    const { a, b } = assets({
      outputs: { a: { key: 'a', store: onDays('x.a') }, b: { key: 'b', store: onDays('x.b') } },
      partitions: daily,
      backfill: 'range',
    }).run((_, { partition }) => {
      calls.push(partition.key);
      const rows = [
        { day: '2025-12-29', n: 1 },
        { day: '2025-12-31', n: 2 },
      ];
      return { a: rows, b: rows.slice(1) };
    });
    const run = (await materialize([a, b], ephemeral())).orThrow();
    expect(calls).toEqual(['2025-12-29..2025-12-31']);
    expect([await (await run.output(a)).count(), await (await run.output(b)).count()]).toEqual([2, 1]);
  });

  it('writes only the outputs that are selected', async () => {
    let calls = 0;
    const { a, b } = assets({ outputs: { a: { key: 'a', store: value<number>() }, b: { key: 'b', store: value<number>() } } }).run(() => {
      calls++;
      return { a: 1, b: 2 };
    });
    const run = await materialize([a, b], { ...ephemeral(), select: 'b' });
    expect([run.ran, calls]).toEqual([['b'], 1]);
  });

  it('streams each output into its store', async () => {
    const up = asset('up', { store: table('x.up', Row) }).run(() => []);
    const { low, high } = assets({
      outputs: { low: { key: 'low', store: table('x.low', Row) }, high: { key: 'high', store: table('x.high', Row) } },
      deps: { up },
    }).run(({ up }, { metadata }) => {
      async function* those(keep: (n: number) => boolean) {
        for await (const row of up.rows()) if (keep(row.n)) yield row;
        metadata({ [`read for ${keep(0) ? 'low' : 'high'}`]: true });
      }
      return { low: those((n) => n < 5), high: those((n) => n >= 5) };
    });
    const rows = Array.from({ length: 8 }, (_, n) => ({ day: '2026-01-01', n }));
    const run = await materialize([low, high], { ...ephemeral(), given: [given(up, rows)] });
    expect([await (await run.output(low)).count(), await (await run.output(high)).count()]).toEqual([5, 3]);
    expect(run.events.find((event) => event.type === 'asset.materialized' && event.asset === 'low')).toMatchObject({
      metadata: { 'read for low': true },
    });
  });

  it('fails all members where it throws, and is tried again as a whole', async () => {
    let calls = 0;
    const make = (failures: number) =>
      assets({
        outputs: { a: { key: 'a', store: value<number>() }, b: { key: 'b', store: value<number>() } },
        retry: { attempts: 2 },
      }).run((_, { step }) => {
        calls++;
        if (step.attempt <= failures) throw Object.assign(new Error('busy'), { transient: true });
        return { a: 1, b: 2 };
      });
    const mended = make(1);
    const run = await materialize([mended.a, mended.b], ephemeral());
    expect([run.ok, calls]).toEqual([true, 2]);
    const broken = make(2);
    const failed = await materialize([broken.a, broken.b], ephemeral());
    expect(failed.events.filter(({ type }) => type === 'step.failed').map((event) => 'asset' in event && event.asset)).toEqual(['a', 'b']);
  });

  it('calls the function again for the one member whose write is tried again', async () => {
    let calls = 0;
    let broken = true;
    const flaky = ephemeral();
    const { lake } = flaky.resources;
    const put: typeof lake.put = async (key, ...rest) => {
      if (key.includes('/b') && broken) {
        broken = false;
        throw Object.assign(new Error('busy'), { transient: true });
      }
      return lake.put(key, ...rest);
    };
    const { a, b } = assets({
      outputs: { a: { key: 'a', store: value<number>() }, b: { key: 'b', store: value<number>() } },
      retry: { attempts: 2 },
    }).run(() => ({ a: ++calls, b: calls }));
    const run = await materialize([a, b], { ...flaky, resources: { lake: { ...lake, put } } });
    expect([await run.output(a), await run.output(b)]).toEqual([1, 2]);
  });

  it('names the outputs that it left out, and those that it did not declare', async () => {
    const outputs = { a: { key: 'a', store: value<number>() }, b: { key: 'b', store: value<number>() } };
    const { a, b } = assets({ outputs }).run(() => ({ a: 1, c: 2 }) as never);
    const run = await materialize([a, b] as readonly Asset[], { ...ephemeral() } as never);
    expect(run.events.filter(({ type }) => type === 'step.failed')).toMatchObject([
      {
        asset: 'a',
        error: {
          code: 'VALUE_INVALID',
          message: 'The function of a + b returned nothing for b, and returned c, which it does not declare.',
          remedy: 'Return an object with exactly these names: a, b.',
        },
      },
      { asset: 'b' },
    ]);
  });

  it('is configured once: a mistake is reported once', async () => {
    const { a, b } = assets({
      outputs: { a: { key: 'a', store: value<number>() }, b: { key: 'b', store: value<number>() } },
      config: z.object({ size: z.int() }),
    }).run((_, { config }) => ({ a: config.size, b: config.size }));
    await expect(materialize([a, b], ephemeral())).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      issues: [expect.stringContaining('size')],
    });
    const run = await materialize([a, b], { ...ephemeral(), config: [configure(b, { size: 3 })] });
    expect([await run.output(a), await run.output(b)]).toEqual([3, 3]);
  });
});
