import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describePublishing, entriesOf } from '../../runtime/schema/evolution/publishing.ts';
import { runCommand } from '../../cli/run-command.ts';
import { temporaryProject } from '../../project/temporary-project.ts';
import { kafkaServer } from './kafka-server.ts';
import { openBroker } from './open.ts';

const server = kafkaServer({ version: '4.1.1' });

describePublishing('Kafka', async () => [await openBroker(server.brokers), await openBroker(server.brokers)]);

const source = (topic: string, device: string) => `
import { asset, defineProject, topic } from 'spindle';
import { kafka, sqliteRunStore } from 'spindle/drivers';
import { z } from 'zod';
export const plays = asset('stream/plays', { store: topic('${topic}', z.object({ device: ${device} })) }).run(() => [{ device: 'tv' }]);
export const project = defineProject({ name: 'plays', assets: [plays], environments: { kafka: { broker: kafka(), runStore: sqliteRunStore() } } });
`;

it('a breaking change is refused before it reaches Kafka, and accepted on purpose', async () => {
  const topic = `plays-${randomUUID()}`;
  const { root, write } = temporaryProject({ 'src/project.ts': source(topic, "z.enum(['tv', 'web'])") });
  const spindle = (...argv: string[]) => runCommand(root, argv, { SPINDLE_KAFKA_BROKERS: server.brokers });
  const materialize = () => spindle('materialize', '-s', 'stream/plays', '--force');
  const broker = await openBroker(server.brokers);
  const records = async () => (await broker.offsets(topic)).reduce((sum, { end }) => sum + end, 0);

  const first = await materialize();
  expect(first.exit, first.stdout + first.stderr).toBe(0);
  expect(await records()).toBe(1);
  write({ 'src/project.ts': source(topic, "z.enum(['tv'])") });
  const refused = await materialize();
  expect(refused.exit).toBe(1);
  expect(refused.stdout).toContain('error[SCHEMA_BREAKING]');
  expect(await records()).toBe(1);
  expect((await spindle('diff')).exit).toBe(3);
  expect(await spindle('diff', '--accept', '--yes')).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining(`${topic}: version 2 is published.`),
  });
  expect((await entriesOf(broker, topic)).map(({ version }) => version)).toEqual([1, 2]);
  expect((await materialize()).exit).toBe(0);
});
