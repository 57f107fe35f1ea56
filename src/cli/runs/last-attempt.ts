import type { RunEvent } from '../../runtime/run/event.ts';

/** True for what stands whatever a run does when it is resumed: what it made and what was found of that. */
export function isLasting({ type }: RunEvent): boolean {
  return type === 'asset.materialized' || type === 'check.finished';
}

/** The events of a run without what it tried in vain before it was last resumed. */
export function lastAttempt(events: readonly RunEvent[]): readonly RunEvent[] {
  const start = events.findLastIndex(({ type }) => type === 'run.started');
  return events.filter((event, index) => index >= start || isLasting(event));
}
