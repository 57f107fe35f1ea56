import { expect, it, onTestFinished } from 'vitest';
import { createCrew } from './kill/crew.ts';
import { finish } from './kill/finish.ts';
import { openRig } from './kill/rig.ts';

it('what a killed producer had under way doubles nothing when it comes late', async () => {
  const rig = await openRig({ server: 'versitygw', seed: 5, events: 20_000, pace: 1_000 });
  const crew = createCrew(rig);
  onTestFinished(async () => {
    await crew.close();
    await rig.close();
  });
  await crew.start('lander-1');
  await crew.start('producer');
  await crew.until('it produces', () => crew.flushed('producer') > 0);

  const release = rig.brokerLink.hold();
  await crew.until('a request of the producer lies in the network', () => rig.brokerLink.held > 10_000);
  const produced = crew.flushed('producer');
  await crew.kill('producer');
  await crew.until('another one produces', () => crew.flushed('producer') > produced);
  release();

  const { counted } = await finish({ rig, crew }, ['lander-1']);
  expect(counted.problems).toEqual([]);
});
