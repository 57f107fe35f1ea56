import { expect, it, onTestFinished } from 'vitest';
import { createCrew, type Crew } from './kill/crew.ts';
import { finish } from './kill/finish.ts';
import { openRig, producerConfig, type Rig } from './kill/rig.ts';

/** A producer and a lander at work. */
async function open(): Promise<{ rig: Rig; crew: Crew }> {
  const rig = await openRig({ server: 'versitygw', seed: 5, events: 20_000, pace: 1_000 });
  const crew = createCrew(rig);
  onTestFinished(async () => {
    await crew.close();
    await rig.close();
  });
  await crew.start('lander-1');
  await crew.start('producer');
  await crew.until('it produces', () => crew.flushed('producer') > 0);
  return { rig, crew };
}

it('what a killed producer had under way doubles nothing when it comes late', async () => {
  const { rig, crew } = await open();
  const release = rig.brokerLink.hold();
  await crew.until('a request of the producer lies in the network', () => rig.brokerLink.held > 10_000);
  const produced = crew.flushed('producer');
  await crew.kill('producer');
  await crew.until('another one produces', () => crew.flushed('producer') > produced);
  release();

  const { counted } = await finish({ rig, crew }, ['lander-1']);
  expect(counted.problems).toEqual([]);
});

it('a second producer, which knows nothing of the first, doubles nothing and leaves nothing out', async () => {
  const { rig, crew } = await open();
  const second = await rig.spindle(['stream', 'stream/orders', '--json', '--for', '10s', ...producerConfig(rig.production)], {
    apart: true,
  });
  const fenced = [second.output, ...crew.hand('producer').lines.map((line) => JSON.stringify(line))].join('\n');
  expect(second).toMatchObject({ code: 0 });
  expect(fenced).toContain('PRODUCER_FENCED');

  const { counted } = await finish({ rig, crew }, ['lander-1']);
  expect(counted.problems).toEqual([]);
});
