import type { RunEvent } from '../../runtime/run/event.ts';

/** True for what stands whatever a run does when it is resumed: what it made and what was found of that. */
export function isLasting({ type }: RunEvent): boolean {
  return type === 'asset.materialized' || type === 'check.finished';
}

/** The events of a run without what it, or a part of it, tried in vain before it was last started again. */
export function lastAttempt(events: readonly RunEvent[]): readonly RunEvent[] {
  const starts = new Map<string | undefined, number>();
  for (const [index, { type, part }] of events.entries()) if (type === 'run.started') starts.set(part, index);
  return events.filter((event, index) => index >= (starts.get(event.part) ?? -1) || isLasting(event));
}
