import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../src/drivers/object-store/memory.ts';
import { beginNextIncarnation, currentIncarnation, newestIncarnation } from '../../../src/runtime/landing/incarnation.ts';
import type { Compression } from '../../../src/runtime/store/compression.ts';
import { PREFIX, TOPIC } from './plays.ts';

const MARKERS = `${PREFIX}/${TOPIC}/incarnations`;

function setUp() {
  const lake = createMemoryObjectStore();
  const landed = (compression: Compression = 'gzip') => ({ lake, prefix: PREFIX, topic: TOPIC, compression });
  return { lake, landed, newest: () => newestIncarnation(lake, PREFIX, TOPIC) };
}

describe('the incarnation of a landing', () => {
  it('is begun by the first who asks, and is then the same for all', async () => {
    const { landed, newest } = setUp();
    expect(await newest()).toBe(undefined);
    const all = await Promise.all([1, 2, 3].map(() => currentIncarnation(landed())));
    expect(new Set(all.map(({ incarnation }) => incarnation))).toEqual(new Set([1]));
    expect(await newest()).toEqual({ prefix: PREFIX, topic: TOPIC, incarnation: 1, compression: 'gzip' });
  });

  it('is followed by the next one, once, whoever begins it at the same time', async () => {
    const { landed, newest } = setUp();
    expect(await beginNextIncarnation(landed())).toMatchObject({ incarnation: 1 });
    expect(await Promise.all([1, 2].map(() => beginNextIncarnation(landed())))).toMatchObject([{ incarnation: 2 }, { incarnation: 2 }]);
    expect(await currentIncarnation(landed())).toMatchObject({ incarnation: 2 });
    expect(await newest()).toMatchObject({ incarnation: 2 });
  });

  it('keeps the compression that it began with: a chain whose keys ended one way or the other would fork', async () => {
    const { lake, landed } = setUp();
    await lake.putIfAbsent(`${MARKERS}/0001.json`, Buffer.from(JSON.stringify({ topic: TOPIC, incarnation: 1, compression: 'zstd' })), {});
    expect(await currentIncarnation(landed('gzip'))).toMatchObject({ incarnation: 1, compression: 'zstd' });
    expect(await beginNextIncarnation(landed('gzip'))).toMatchObject({ incarnation: 2, compression: 'gzip' });
  });

  it('is compressed with gzip where its marker is of old, and names none', async () => {
    const { lake, landed } = setUp();
    await lake.putIfAbsent(`${MARKERS}/0001.json`, Buffer.from(JSON.stringify({ topic: TOPIC, incarnation: 1 })), {});
    expect(await currentIncarnation(landed('zstd'))).toMatchObject({ incarnation: 1, compression: 'gzip' });
  });

  it('is not confused by other objects beside the markers', async () => {
    const { lake, landed } = setUp();
    await currentIncarnation(landed());
    for (const name of ['.keep', '0001.json.bak', 'notes.txt']) await lake.put(`${MARKERS}/${name}`, Buffer.from('x'), {});
    expect(await currentIncarnation(landed())).toMatchObject({ incarnation: 1 });
    expect(await beginNextIncarnation(landed())).toMatchObject({ incarnation: 2 });
  });
});
