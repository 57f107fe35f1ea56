import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../../src/drivers/broker/embedded.ts';
import type { Broker, BrokerRecord } from '../../../src/runtime/resource/broker.ts';
import { noFaults, type FaultPoint } from '../../../src/runtime/resource/faults.ts';
import { brokerContract } from '../../../src/testing/contract/broker.ts';
import { temporaryFolder } from '../temporary-folder.ts';

brokerContract(
  { describe, it, expect },
  {
    async open() {
      const directory = await temporaryFolder();
      let broker = await openEmbeddedBroker({ directory, faults: noFaults });
      return {
        value: broker,
        async reopen() {
          await broker.close();
          broker = await openEmbeddedBroker({ directory, faults: noFaults });
          return broker;
        },
        close: () => broker.close(),
      };
    },
  },
);

const record = (n: number, size = 100) => ({
  partition: 0,
  key: `k${n}`,
  value: Buffer.alloc(size, n % 256),
  headers: { n: String(n) },
  timestamp: n,
});
const batch = (from: number, to: number, size?: number) => Array.from({ length: to - from }, (_, i) => record(from + i, size));

async function readAll(broker: Broker, span = { from: 0, to: Infinity }): Promise<BrokerRecord[]> {
  const all: BrokerRecord[] = [];
  for await (const part of broker.read('t', 0, span)) all.push(...part);
  return all;
}

describe('the embedded broker', () => {
  it('rolls segments and reads across them, from any offset, before and after it is opened again', async () => {
    const directory = await temporaryFolder();
    const open = () => openEmbeddedBroker({ directory, faults: noFaults, segmentBytes: 20_000 });
    const broker = await open();
    await broker.ensureTopic({ name: 't', partitions: 1 });
    for (let from = 0; from < 1_000; from += 50) await broker.produce('t', batch(from, from + 50));
    const check = async (opened: Broker) => {
      for (const from of [0, 1, 149, 150, 151, 999]) {
        expect((await readAll(opened, { from, to: from + 200 })).map(({ key }) => key)).toEqual(
          batch(from, Math.min(1_000, from + 200)).map(({ key }) => key),
        );
      }
    };
    await check(broker);
    await broker.close();
    const segments = (await readdir(join(directory, 'topics/t/0'))).filter((name) => name.endsWith('.log'));
    expect(segments.length).toBeGreaterThan(5);
    expect(segments).toContain('00000000000000000150.log');
    const again = await open();
    await check(again);
    expect(await again.offsets('t')).toEqual([{ partition: 0, start: 0, end: 1_000 }]);
    await again.close();
  });

  it('reads records that are longer than a read and calls that are longer than an append', async () => {
    const broker = await openEmbeddedBroker({ directory: await temporaryFolder(), faults: noFaults });
    await broker.ensureTopic({ name: 't', partitions: 1 });
    const sizes = [10, 3_000_000, 0, 9_000_000, 1_500_000, 5];
    await broker.produce(
      't',
      sizes.map((size, n) => record(n, size)),
    );
    const read = await readAll(broker);
    expect(read.map(({ value }) => value?.length)).toEqual(sizes);
    for (const [n, { value }] of read.entries()) expect(Buffer.compare(value ?? Buffer.of(1), Buffer.alloc(sizes[n] ?? 0, n))).toBe(0);
    await broker.close();
  });

  it('yields batches of about a mebibyte, so that reading takes bounded memory', async () => {
    const broker = await openEmbeddedBroker({ directory: await temporaryFolder(), faults: noFaults });
    await broker.ensureTopic({ name: 't', partitions: 1 });
    await broker.produce('t', batch(0, 10_000, 500));
    let batches = 0;
    for await (const part of broker.read('t', 0, { from: 0, to: Infinity })) {
      batches += 1;
      expect(part.length).toBeLessThan(2_200);
    }
    expect(batches).toBeGreaterThan(4);
    await broker.close();
  });

  it('announces its fault points once for each append', async () => {
    const hits: FaultPoint[] = [];
    const broker = await openEmbeddedBroker({ directory: await temporaryFolder(), faults: (point) => hits.push(point) });
    await broker.ensureTopic({ name: 't', partitions: 1 });
    await broker.produce('t', batch(0, 3));
    expect(hits).toEqual(['produce.before-append', 'produce.torn-append', 'produce.after-append']);
    await broker.close();
  });

  it('says DISK_FULL where the disk is full, keeps what it had and goes on when there is space', async () => {
    const directory = await temporaryFolder();
    let full = false;
    const faults = (point: FaultPoint) => {
      if (full && point === 'produce.torn-append') throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const broker = await openEmbeddedBroker({ directory, faults });
    await broker.ensureTopic({ name: 't', partitions: 1 });
    await broker.produce('t', batch(0, 10));
    full = true;
    await expect(broker.produce('t', batch(10, 20))).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(directory),
      remedy: expect.stringContaining('Free some space'),
    });
    expect((await readAll(broker)).length).toBe(10);
    full = false;
    await broker.produce('t', batch(10, 20));
    await broker.close();
    const again = await openEmbeddedBroker({ directory, faults: noFaults });
    expect((await readAll(again)).map(({ key }) => key)).toEqual(batch(0, 20).map(({ key }) => key));
    await again.close();
  });

  it('refuses names that Kafka would refuse, and use after it was closed', async () => {
    const broker = await openEmbeddedBroker({ directory: await temporaryFolder(), faults: noFaults });
    await expect(broker.ensureTopic({ name: '../t', partitions: 1 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(broker.ensureTopic({ name: 't', partitions: 0 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await broker.close();
    await expect(broker.offsets('t')).rejects.toMatchObject({ message: expect.stringContaining('was closed') });
  });

  it('reads the committed offsets that older versions wrote, of which one had notes beside them', async () => {
    const directory = await temporaryFolder();
    await mkdir(join(directory, 'groups'), { recursive: true });
    await writeFile(join(directory, 'groups', 'g.json'), JSON.stringify({ t: { 0: 7, 1: { offset: 8, note: 'n' }, 2: { offset: 5 } } }));
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    await broker.ensureTopic({ name: 't', partitions: 3 });
    expect([...(await broker.committed('g', 't'))]).toEqual([
      [0, 7],
      [1, 8],
      [2, 5],
    ]);
    await broker.commit('g', 't', new Map([[1, 9]]));
    expect([...(await broker.committed('g', 't'))]).toEqual([
      [0, 7],
      [1, 9],
      [2, 5],
    ]);
    await broker.close();
  });

  it('ends who follows when it is closed', async () => {
    const broker = await openEmbeddedBroker({ directory: await temporaryFolder(), faults: noFaults });
    await broker.ensureTopic({ name: 't', partitions: 1 });
    const following = async () => {
      for await (const _ of broker.read('t', 0, { from: 0, to: Infinity }, { follow: true }));
    };
    const ended = following();
    await broker.offsets('t');
    await Promise.all([broker.close(), expect(ended).rejects.toMatchObject({ message: expect.stringContaining('was closed') })]);
  });
});
