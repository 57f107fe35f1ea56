import { appendFileSync } from 'node:fs';
import { didYouMean } from '../runtime/closest.ts';
import { SpindleError } from '../runtime/errors.ts';
import { FAULT_POINTS, noFaults, type FaultPoint, type Faults } from '../runtime/resource/faults.ts';

const ACTIONS = ['kill', 'stop', 'enospc', 'error'] as const;
type Action = (typeof ACTIONS)[number];

interface Fault {
  readonly point: FaultPoint;
  /** The first hit is 1. */
  readonly hit: number;
  readonly action: Action;
}

/**
 * What SPINDLE_FAULT asks for, `point[@n][:kill|:stop|:enospc|:error]`: at the n-th time (the first) that the point is reached, end the process with SIGKILL
 * (the default), stop it until somebody sends SIGCONT, or throw. The file that SPINDLE_FAULT_LOG names gets the line `fault hit: point@n` first, so that a test knows that it happened.
 */
export function readFaults(env: Readonly<Record<string, string | undefined>>): Faults {
  const text = env['SPINDLE_FAULT'];
  return text ? createFaults(parseFault(text), env['SPINDLE_FAULT_LOG']) : noFaults;
}

function parseFault(text: string): Fault {
  const [, point = '', hit = '1', action = 'kill'] = /^([^@:]+)(?:@([1-9]\d*))?(?::(\w+))?$/.exec(text) ?? [];
  const knownPoint = FAULT_POINTS.find((known) => known === point);
  const knownAction = ACTIONS.find((known) => known === action);
  if (knownPoint !== undefined && knownAction !== undefined) return { point: knownPoint, hit: Number(hit), action: knownAction };
  const hint = knownPoint === undefined ? didYouMean(point, FAULT_POINTS) : didYouMean(action, ACTIONS);
  throw new SpindleError('USAGE', `SPINDLE_FAULT is "${text}", which is no fault.${hint}`, {
    field: 'SPINDLE_FAULT',
    remedy: `Write point[@n][:${ACTIONS.join('|:')}]. The points are ${FAULT_POINTS.join(', ')}.`,
  });
}

function createFaults({ point, hit, action }: Fault, log: string | undefined): Faults {
  let hits = 0;
  return (reached) => {
    if (reached !== point) return;
    hits += 1;
    if (hits !== hit) return;
    if (log) appendFileSync(log, `fault hit: ${point}@${hit}\n`);
    strike(action, point);
  };
}

function strike(action: Action, point: FaultPoint): void {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      // The signal may arrive a moment later: nothing may happen until then.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      break;
    case 'enospc':
      throw Object.assign(new Error(`ENOSPC: no space left on device, write (injected at ${point})`), { code: 'ENOSPC', syscall: 'write' });
    case 'error':
      throw new Error(`An error injected at ${point}.`);
  }
}
