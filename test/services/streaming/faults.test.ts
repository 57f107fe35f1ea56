import { Kafka, logLevel, type Admin } from 'kafkajs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCrew, type Crew, type Hand } from './kill/crew.ts';
import { chainEnds, isLanded, topicEnds } from './kill/ends.ts';
import { finish } from './kill/finish.ts';
import { lakeClient } from './kill/lake-records.ts';
import { openRig, PARTITIONS, TOPIC, type Rig, type RigOptions } from './kill/rig.ts';

const EVENTS = { seed: 11, events: 4_000, pace: 2_000 } as const;
const GROUP = 'spindle.orders';

async function open(options: Partial<RigOptions> = {}): Promise<{ rig: Rig; crew: Crew }> {
  const rig = await openRig({ server: 'versitygw', ...EVENTS, ...options });
  const crew = createCrew(rig);
  onTestFinished(async () => {
    await crew.close();
    await rig.close();
  });
  return { rig, crew };
}

async function asAdmin<T>({ broker }: Rig, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}

/** What `/healthz` of a process says. */
async function health(hand: Hand): Promise<{ readonly status: number; readonly interrupted: Readonly<Record<string, string>> }> {
  const response = await fetch(`${hand.address}/healthz`);
  const { interrupted } = (await response.json()) as { readonly interrupted: Readonly<Record<string, string>> };
  return { status: response.status, interrupted };
}

async function recreate(rig: Rig, crew: Crew): Promise<void> {
  await asAdmin(rig, async (admin) => {
    await admin.deleteTopics({ topics: [TOPIC] });
    await crew.until('the topic is gone', async () => !(await admin.listTopics()).includes(TOPIC));
    await admin.createTopics({
      topics: [{ topic: TOPIC, numPartitions: PARTITIONS, configEntries: [{ name: 'retention.ms', value: '-1' }] }],
    });
  });
}

const told = (hand: Hand, code: string): boolean => hand.lines.some(({ type, error }) => type === 'interrupted' && error?.code === code);

/** Waits until the process says that it is interrupted by this, and gives the words. */
async function interruption(crew: Crew, hand: Hand, code: string): Promise<string> {
  await crew.until(`${hand.role} tells ${code}`, () => told(hand, code));
  const { status, interrupted } = await health(hand);
  expect(status).toBe(503);
  return Object.values(interrupted).join('\n');
}

/** Fills the disk of the object store with what is of no use. */
async function fill({ lake }: Rig): Promise<void> {
  const client = lakeClient(lake);
  const put = async (index: number) => client.putObject(lake.bucket, `ballast/${index}`, Buffer.alloc(64 << 10));
  let isFull = false;
  for (let index = 0; !isFull; index++) await put(index).catch(() => (isFull = true));
}

async function isWell(crew: Crew, hand: Hand): Promise<void> {
  await crew.until(`${hand.role} is well`, async () => (await health(hand)).status === 200);
}

async function expectAll(rig: Rig, crew: Crew): Promise<void> {
  const { counted, ends } = await finish({ rig, crew }, ['lander-1']);
  expect(counted.problems).toEqual([]);
  expect(ends.map(({ code }) => code)).toEqual([0]);
  expect(crew.problems).toEqual([]);
}

describe('landing goes on by itself', () => {
  it('after a topic was created anew, once its next incarnation is begun', async () => {
    const { rig, crew } = await open();
    const lander = await crew.start('lander-1', { watched: true });
    await crew.start('producer');
    await crew.until('all is produced', () => crew.isProduced);
    await isWell(crew, lander);
    await crew.until('something is landed', () => crew.flushed('lander-1') >= PARTITIONS);

    await recreate(rig, crew);
    await crew.start('producer');
    await interruption(crew, lander, 'TOPIC_RECREATED');
    await crew.until('it says which partition', async () =>
      Object.values((await health(lander)).interrupted).some((text) => /created anew: partition \d was landed up to/.test(text)),
    );
    expect(told(crew.hand('producer'), 'TOPIC_RECREATED')).toBe(false);

    const { code, output } = await rig.spindle(['landing', 'restart', TOPIC, '--yes']);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('incarnation 2') });
    await isWell(crew, lander);
    await expectAll({ ...rig, lake: { ...rig.lake, prefix: `${TOPIC}/${TOPIC}/i0002/` } }, crew);
  });

  it('where the topic was created anew and filled while it slept, and lands nothing of that before it is told to', async () => {
    const { rig, crew } = await open();
    const lander = await crew.start('lander-1', { watched: true });
    await crew.start('producer');
    await crew.until('all is produced', () => crew.isProduced);
    const ends = await topicEnds(rig);
    await crew.until('all is landed', () => isLanded(rig, ends));

    lander.signal('SIGSTOP');
    await recreate(rig, crew);
    const events = 3 * EVENTS.events;
    await crew.start('producer', { events });
    await crew.until('more is produced than before', async () => {
      const filled = await topicEnds(rig);
      return [...filled].every(([partition, end]) => end > (ends.get(partition) ?? 0));
    });
    lander.signal('SIGCONT');
    await interruption(crew, lander, 'TOPIC_RECREATED');
    expect(await chainEnds(rig)).toEqual(ends);

    expect(await rig.spindle(['landing', 'restart', TOPIC, '--yes'])).toMatchObject({ code: 0 });
    const production = { ...rig.production, events };
    await expectAll({ ...rig, production, lake: { ...rig.lake, prefix: `${TOPIC}/${TOPIC}/i0002/` } }, crew);
  });

  it('after its consumer group was deleted: the chain says where', async () => {
    const { rig, crew } = await open();
    await crew.start('producer');
    await crew.start('lander-1');
    await crew.until('something is landed', () => crew.flushed('lander-1') >= PARTITIONS);
    expect(await crew.end('lander-1')).toMatchObject({ code: 0 });
    await asAdmin(rig, (admin) => admin.deleteGroups([GROUP]));
    const lander = await crew.start('lander-1', { watched: true });
    await crew.until('it has its partitions', () => lander.partitions?.length === PARTITIONS);
    await expectAll(rig, crew);
    expect(lander.lines.filter(({ type }) => type === 'interrupted')).toEqual([]);
  });

  it('where the bucket is made only after it was started', async () => {
    const { rig, crew } = await open({ bucket: false });
    const lander = await crew.start('lander-1', { watched: true });
    await crew.start('producer');
    expect(await interruption(crew, lander, 'BUCKET_MISSING')).toContain(`There is no bucket "${rig.lake.bucket}"`);
    expect(await rig.spindle(['lake', 'init'])).toMatchObject({ code: 0 });
    await isWell(crew, lander);
    await expectAll(rig, crew);
  });

  it('once there is room in an object store that was full', async () => {
    const { rig, crew } = await open({ megabytes: 20, events: 8_000 });
    await fill(rig);
    const lander = await crew.start('lander-1', { watched: true });
    await crew.start('producer');
    expect(await interruption(crew, lander, 'LAKE_FULL')).toContain('has no room left');
    rig.store.grow(200);
    await isWell(crew, lander);
    await expectAll(rig, crew);
  });
});
