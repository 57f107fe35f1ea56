import type { FaultPoint } from '../../../../src/runtime/resource/faults.ts';
import type { Role } from './crew.ts';

/** Which processes reach each point when they stream to Kafka and S3. The others are of commands or drivers that take no part in it. */
const REACHED: Readonly<Record<FaultPoint, 'producer' | 'lander' | 'nobody'>> = {
  'produce.before-append': 'producer',
  'produce.torn-append': 'nobody', // files of the embedded broker
  'produce.after-append': 'producer',
  'land.before-put': 'lander',
  'land.torn-put': 'nobody', // files of the local lake
  'land.after-put': 'lander',
  'land.after-commit': 'lander',
  'replay.before-put': 'nobody',
  'replay.after-put': 'nobody',
  'load.before-transaction': 'nobody',
  'load.after-insert': 'nobody',
  'load.before-commit': 'nobody',
  'load.after-commit': 'nobody',
  'transform.before-build': 'nobody',
  'transform.first-model': 'nobody',
  'transform.after-build': 'nobody',
  'record.before-append': 'lander', // the producer too: a lander records more often
  'record.after-append': 'lander',
};

/** The points at which a process of this role can be struck. */
export function pointsOf(role: Role): readonly FaultPoint[] {
  const who = role === 'producer' ? 'producer' : 'lander';
  return (Object.keys(REACHED) as FaultPoint[]).filter((point) => REACHED[point] === who);
}
