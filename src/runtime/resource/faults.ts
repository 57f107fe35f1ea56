/**
 * The moments at which tests end the process or fill the disk. A driver announces them by calling `faults`; outside tests nothing listens.
 * Named so that a test can show that it was hit.
 */
export const FAULT_POINTS = [
  'produce.before-append',
  'produce.torn-append',
  'produce.after-append',
  'land.before-put',
  'land.torn-put',
  'land.after-put',
  'land.after-commit',
  'replay.before-put',
  'replay.after-put',
  'load.before-transaction',
  'load.after-insert',
  'load.before-commit',
  'load.after-commit',
  'transform.before-build',
  'transform.first-model',
  'transform.after-build',
  'record.before-append',
  'record.after-append',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Called at each point; may throw (an injected error) or never return (an injected kill). */
export type Faults = (point: FaultPoint) => void;

export const noFaults: Faults = () => {};
