import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { KafkaSettings } from '../../../src/drivers/broker/kafka/settings.ts';
import type { Broker } from '../../../src/runtime/resource/broker.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker, withAdmin } from './open.ts';
import { ALICE, BOB, CAROL, secured } from './secured.ts';

const options = secured();
const server = kafkaServer(options);
const ca = { ca: readFileSync(options.certificate, 'utf8') };
const listener = { assigned: () => {}, failed: () => {} };
const record = { partition: 0, key: null, value: Buffer.from('v'), headers: {}, timestamp: 1 };

type Right = 'READ' | 'WRITE' | 'DESCRIBE' | 'CREATE' | 'DESCRIBE_CONFIGS';

const allow = (user: string, right: Right, on: { readonly topic?: string; readonly group?: string }) =>
  withAdmin(server, (admin) =>
    admin.createAcls({
      acl: [
        {
          resourceType: on.topic === undefined ? AclResourceTypes.GROUP : AclResourceTypes.TOPIC,
          resourceName: on.topic ?? on.group ?? '',
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: `User:${user}`,
          host: '*',
          operation: AclOperationTypes[right],
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    }),
  );

async function readAll(broker: Broker, topic: string): Promise<number> {
  let records = 0;
  for await (const batch of broker.read(topic, 0, { from: 0, to: Infinity })) records += batch.length;
  return records;
}

describe('a login', () => {
  it.each([ALICE, BOB, CAROL])('by $mechanism is let in', async (login) => {
    const broker = await openBroker(server.address('SASL'), { login });
    expect(await broker.topicNames()).toEqual([]);
  });

  it.each([
    { ...ALICE, password: 'wrong' },
    { ...BOB, password: 'wrong' },
    { ...CAROL, username: 'mallory' },
  ])('of $username by $mechanism with a wrong password is refused at once, and the password not shown', async (login) => {
    const broker = await openBroker(server.address('SASL'), { login });
    const before = performance.now();
    for (const call of [() => broker.topicNames(), () => broker.join('g', 't', listener)]) {
      const refused = call();
      await expect(refused).rejects.toMatchObject({
        code: 'BROKER_REFUSED',
        transient: false,
        message: expect.stringContaining(`refuses to let Spindle in as user '${login.username}' by ${login.mechanism}`),
        remedy: expect.stringContaining('SPINDLE_KAFKA_PASSWORD'),
      });
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(login.password) });
    }
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('that is missing is asked for', async () => {
    const broker = await openBroker(server.address('SASL'), { patience: 1_000 });
    await expect(broker.topicNames()).rejects.toMatchObject({
      code: expect.stringMatching(/^BROKER_/),
      remedy: expect.stringContaining('SPINDLE_KAFKA_'),
    });
  });

  it('by a mechanism that the broker does not know is refused', async () => {
    const login = { ...ALICE, mechanism: 'oauthbearer' } as unknown as typeof ALICE;
    const broker = await openBroker(server.address('SASL'), { login });
    await expect(broker.topicNames()).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
  });
});

describe('TLS', () => {
  it('is spoken with a certificate that is trusted, also with a login, by calls, readers and members', async () => {
    for (const [name, settings] of [
      ['TLS', { tls: ca }],
      ['BOTH', { tls: ca, login: ALICE }],
    ] as const) {
      const topic = `tls-${randomUUID()}`;
      const broker = await openBroker(server.address(name), settings);
      const admin = await openBroker(server.brokers);
      await admin.ensureTopic({ name: topic, partitions: 1 });
      for (const right of ['READ', 'WRITE', 'DESCRIBE_CONFIGS'] as const)
        for (const user of ['ANONYMOUS', 'alice']) await allow(user, right, { topic });
      await allow('alice', 'READ', { group: topic });
      await broker.produce(topic, [record]);
      expect(await readAll(broker, topic)).toBe(1);
      let assigned: readonly number[] | undefined;
      const member = await broker.join(topic, topic, { ...listener, assigned: (partitions) => (assigned = partitions) });
      await expect.poll(() => assigned).toEqual([0]);
      await member.leave();
    }
  });

  const wrong: readonly (readonly [string, string, Partial<KafkaSettings>, string, string])[] = [
    ['with a certificate that nobody vouches for', 'TLS', { tls: true }, 'is not trusted: self-signed certificate', 'SPINDLE_KAFKA_CA'],
    ['to a port without', 'PLAINTEXT', { tls: true }, 'does not speak TLS', 'SPINDLE_KAFKA_TLS=false'],
    ['that is missing', 'TLS', { tls: false }, 'does not answer', 'SPINDLE_KAFKA_TLS'],
  ];
  it.each(wrong)('%s is told within seconds', async (_, name, settings, message, remedy) => {
    const address = name === 'PLAINTEXT' ? server.brokers : server.address(name);
    const broker = await openBroker(address, settings);
    const before = performance.now();
    await expect(broker.topicNames()).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
    expect(performance.now() - before).toBeLessThan(12_000);
  });
});

describe('a right that the user lacks', () => {
  const topic = `guarded-${randomUUID()}`;
  const refusal = (right: string, on: string) => ({
    code: 'BROKER_REFUSED',
    transient: false,
    message: expect.stringContaining(`does not allow user 'bob' the operation ${right} on ${on}`),
    remedy: expect.stringMatching(new RegExp(`--operation ${right} --(topic|group) '`)),
  });
  const asBob = () => openBroker(server.address('SASL'), { login: BOB });

  it('to create a topic is named', async () => {
    const broker = await asBob();
    await allow('bob', 'DESCRIBE', { topic: 'unborn' });
    await expect(broker.ensureTopic({ name: 'unborn', partitions: 1 })).rejects.toMatchObject(refusal('Create', "the topic 'unborn'"));
  });

  it('to write to a topic, to read it and to see its settings is named', async () => {
    const admin = await openBroker(server.brokers);
    await admin.ensureTopic({ name: topic, partitions: 1 });
    await admin.produce(topic, [record]);
    const broker = await asBob();
    const on = `the topic '${topic}'`;
    await expect(broker.offsets(topic)).rejects.toMatchObject(refusal('Describe', on));
    await allow('bob', 'DESCRIBE', { topic });
    expect(await broker.offsets(topic)).toEqual([{ partition: 0, start: 0, end: 1 }]);
    await expect(broker.produce(topic, [record])).rejects.toMatchObject(refusal('Write', on));
    await expect(readAll(broker, topic)).rejects.toMatchObject(refusal('Read', on));
    await expect(broker.ensureTopic({ name: topic, partitions: 1 })).rejects.toMatchObject(refusal('DescribeConfigs', on));
    await allow('bob', 'READ', { topic });
    expect(await readAll(broker, topic)).toBe(1);
    await allow('bob', 'WRITE', { topic });
    await broker.produce(topic, [record]);
    expect(await readAll(broker, topic)).toBe(2);
  });

  it('to use a group is named, and by a member before it is one', async () => {
    const broker = await asBob();
    await allow('bob', 'READ', { topic });
    const on = "the group 'guarded'";
    await expect(broker.committed('guarded', topic)).rejects.toMatchObject({
      ...refusal('Read', on),
      message: expect.stringContaining(on),
    });
    await expect(broker.commit('guarded', topic, new Map([[0, 1]]))).rejects.toMatchObject(refusal('Read', on));
    await expect(broker.join('guarded', topic, listener)).rejects.toMatchObject(refusal('Read', on));
    await allow('bob', 'READ', { group: 'guarded' });
    await broker.commit('guarded', topic, new Map([[0, 1]]));
    expect(await broker.committed('guarded', topic)).toEqual(new Map([[0, 1]]));
  });

  it('does not keep a record that is too large from being told so', async () => {
    const broker = await asBob();
    await allow('bob', 'WRITE', { topic });
    await expect(broker.produce(topic, [{ ...record, value: Buffer.alloc(2 << 20) }])).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
      message: expect.stringMatching(/^a record of \d+ bytes for topic 'guarded-.*', partition 0, is larger than it allows$/),
    });
  });
});
