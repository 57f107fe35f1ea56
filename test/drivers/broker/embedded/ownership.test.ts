import { readdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBroker } from '../../../../src/drivers/broker/embedded.ts';
import { noFaults } from '../../../../src/runtime/resource/faults.ts';
import { prepareChild } from '../../crash/run-child.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const runChild = prepareChild();
const lockOf = async (directory: string) => (await readdir(directory)).filter((name) => name.startsWith('broker.lock'));

describe('the embedded broker and its owner', () => {
  it('refuses another process while its owner lives, naming pid, host and file', async () => {
    const directory = await temporaryFolder();
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    const { code, errors } = await runChild('produce', directory);
    expect(code).toBe(1);
    expect(errors).toContain('BROKER_LOCKED');
    expect(errors).toContain(`belongs to process ${process.pid} on ${hostname()}`);
    expect(errors).toContain(`delete ${join(directory, 'broker.lock')}`);
    await broker.close();
    expect((await runChild('produce', directory)).code).toBe(0);
  });

  it('refuses to be opened twice in one process, and lets the next one in when it is closed', async () => {
    const directory = await temporaryFolder();
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    await expect(openEmbeddedBroker({ directory, faults: noFaults })).rejects.toMatchObject({ code: 'BROKER_LOCKED' });
    await broker.close();
    await broker.close();
    await (await openEmbeddedBroker({ directory, faults: noFaults })).close();
    expect(await lockOf(directory)).toEqual([]);
  });

  it('takes over from an owner that was killed', async () => {
    const directory = await temporaryFolder();
    expect((await runChild('produce', directory, { point: 'produce.after-append' })).signal).toBe('SIGKILL');
    expect((await lockOf(directory)).length).toBe(1);
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    expect(await lockOf(directory)).toEqual([expect.stringContaining(`lock+${process.pid}+`)]);
    await broker.close();
  });

  it.skipIf(process.platform !== 'linux')('takes over from a process whose pid another process has by now', async () => {
    const directory = await temporaryFolder();
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    const [lock = ''] = await lockOf(directory);
    await rename(join(directory, lock), join(directory, lock.replace(/\+(\d+)\+(\d+)\+/, '+$1+1$2+')));
    const next = await openEmbeddedBroker({ directory, faults: noFaults });
    expect(await lockOf(directory)).toEqual([lock]);
    await next.close();
    await broker.close();
  });

  it('does not take over from a process of another host, which it cannot see', async () => {
    const directory = await temporaryFolder();
    const broker = await openEmbeddedBroker({ directory, faults: noFaults });
    const [lock = ''] = await lockOf(directory);
    await rename(join(directory, lock), join(directory, `${lock.slice(0, lock.lastIndexOf('+'))}+elsewhere.example`));
    await expect(openEmbeddedBroker({ directory, faults: noFaults })).rejects.toMatchObject({
      code: 'BROKER_LOCKED',
      message: expect.stringContaining('on elsewhere.example'),
    });
    await broker.close();
  });

  it('lets exactly one of two in that start at the same moment', async () => {
    const directory = await temporaryFolder();
    const ends = await Promise.all([runChild('produce', directory), runChild('produce', directory)]);
    expect(ends.map(({ code }) => code)).toContain(0);
    for (const { code, errors } of ends) if (code !== 0) expect(errors).toContain('BROKER_LOCKED');
  });
});
