import { calendarOf, firstIndex, KEY_FORMS, windowAt, type Calendar } from './calendar.ts';
import type { TimeDefinition } from './definition.ts';
import { rangeKey, splitRangeKey } from './key-text.ts';
import type { Read } from './key.ts';
import type { PartitionSlice } from './slice.ts';
import type { TimeZones } from './time-zone.ts';

/** Reads the key of a window, or of neighboring windows. */
export function readTime(definition: TimeDefinition, key: string, zones: TimeZones): Read {
  const calendar = calendarOf(definition, zones);
  const first = firstIndex(definition, zones);
  const ends = splitRangeKey(key);
  if (ends === undefined) {
    const read = readWindow(definition, key, { calendar, first });
    return typeof read === 'object' ? read : timePartition(calendar, read, read);
  }
  const windows = ends.map((end) => readWindow(definition, end, { calendar, first }));
  const wrong = windows.findIndex((window) => typeof window === 'object');
  if (wrong >= 0) {
    const { problem, remedy } = windows[wrong] as Problem;
    return { problem: `of its ${wrong === 0 ? 'first' : 'last'} partition "${ends[wrong]}", ${problem}`, remedy };
  }
  const [from, to] = windows as [number, number];
  if (from <= to) return timePartition(calendar, from, to);
  return { problem: 'the range ends before it begins.', remedy: `Write ${rangeKey(ends[1], ends[0])}.` };
}

type Problem = { readonly problem: string; readonly remedy: string };

function timePartition(calendar: Calendar, from: number, to: number): Read {
  const [start, end] = [windowAt(calendar, from), windowAt(calendar, to)];
  const value = { key: rangeKey(start.key, end.key), start: start.start, end: end.end };
  const slice: PartitionSlice = { kind: 'time', ranges: [{ from: value.start.getTime(), to: value.end.getTime() }] };
  return { partition: { key: value.key, value, slice } };
}

function readWindow(
  { unit }: TimeDefinition,
  key: string,
  { calendar, first }: { readonly calendar: Calendar; readonly first: number },
): number | Problem {
  const index = calendar.indexOf(key);
  if (index !== undefined && index >= first) return index;
  if (index !== undefined)
    return { problem: `its partitions start at ${calendar.keyOf(first)}.`, remedy: `Use ${calendar.keyOf(first)} or a later one.` };
  const near = calendar.indexNear(key.trim());
  const suggestion = near === undefined ? undefined : calendar.keyOf(Math.max(near, first));
  // A day that the zone skipped is written well and is suggested to nobody.
  const usable = suggestion !== undefined && calendar.indexOf(suggestion) !== undefined;
  return {
    problem: `expected ${KEY_FORMS[unit]}.`,
    remedy: usable ? `Did you mean ${suggestion}?` : `The first partition is ${calendar.keyOf(first)}.`,
  };
}
