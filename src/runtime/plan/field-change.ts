import type { Fields } from '../run/event.ts';
import { OR_NULL } from '../schema/field-types.ts';

/** A field that one of two sides lacks, or that reads differently on them. */
export interface FieldChange {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What differs between the fields as they were recorded and as they are now: none where either side was not recorded. */
export function fieldChanges(before: Fields | undefined, now: Fields | undefined): readonly FieldChange[] {
  if (before === undefined || now === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((name) => {
    const [from, to] = [before[name], now[name]];
    return from === to ? [] : [{ name, from, to }];
  });
}

/** Whether there are changes, and each is a field that may be null: a new one, or one that had to be there before. */
export function onlyGrew(changes: readonly FieldChange[]): boolean {
  const grows = ({ from, to }: FieldChange) => (from === undefined ? to?.endsWith(OR_NULL) === true : to === from + OR_NULL);
  return changes.length > 0 && changes.every(grows);
}

/** Changes named in a sentence; more are counted. */
const NAMED = 3;

/** In words, such as `events 4000 → 5000, seed added (7)`. */
export function describeChanges(changes: readonly FieldChange[]): string {
  const named = changes.slice(0, NAMED).map(({ name, from, to }) => {
    if (from === undefined) return `${name} added (${to})`;
    return to === undefined ? `${name} removed` : `${name} ${from} → ${to}`;
  });
  return [...named, ...(changes.length > NAMED ? [`${changes.length - NAMED} more`] : [])].join(', ');
}
