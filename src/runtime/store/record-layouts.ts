import type { z } from 'zod';
import { isPlainName, textPattern, type TextPattern } from '../schema/text-pattern.ts';

/**
 * `valid`: the text is a row of the schema, and a warehouse reads the same from it as from the parsed row written as JSON. `plain`: the latter alone, if the
 * schema leaves the row as it is. `unknown`: nothing is known.
 */
export type Fit = 'valid' | 'plain' | 'unknown';

/** The orders of keys in which a topic's records come, learned from the records, each as one regular expression over the whole text. */
export interface RecordLayouts {
  fit(text: string): Fit;
  /** Takes up the layout of a record for which nothing was known, and whose row has just these fields. */
  learn(text: string, fields: Readonly<Record<string, unknown>>): void;
}

/** A topic has few layouts: one, times the optional fields that come and go. */
const LAYOUTS = 16;
/** The engine of regular expressions remembers each character of a repetition: longer texts are parsed. */
const LONGEST_TEXT = 64 << 10;
const MOST_FIELDS = 200;

/**
 * Most records of a topic look alike: the same keys in the same order. What is JSON, valid and without a second key of the same name is then told by one
 * pass over the text, at a fraction of what parsing and validating cost; what does not match is parsed.
 */
export function recordLayouts(wire: z.ZodObject): RecordLayouts {
  const patterns = new Map(Object.entries(wire.shape).map(([name, field]) => [name, textPattern(field)]));
  const settled = (wire.def.checks ?? []).length === 0;
  const layouts: Layout[] = [];
  // each failure to learn doubles the wait: a topic of indented texts pays for a handful of attempts
  let wait = 0;
  let nextWait = 1;
  return {
    fit(text) {
      if (text.length > LONGEST_TEXT) return 'unknown';
      for (const layout of layouts) {
        const fit = fitOf(layout, text);
        if (fit !== 'unknown') return fit;
      }
      return 'unknown';
    },
    learn(text, fields) {
      if (layouts.length === LAYOUTS || text.length > LONGEST_TEXT || wait-- > 0) return;
      const layout = layoutOf(Object.keys(fields), patterns, settled);
      if (layout !== undefined && fitOf(layout, text) !== 'unknown') layouts.push(layout);
      else wait = nextWait *= 2;
    },
  };
}

interface Layout {
  readonly pattern: RegExp;
  readonly complete: boolean;
  readonly within: TextPattern['within'];
}

function fitOf({ pattern, complete, within }: Layout, text: string): Fit {
  if (!complete || within.length === 0) return pattern.test(text) ? (complete ? 'valid' : 'plain') : 'unknown';
  const match = pattern.exec(text);
  if (match === null) return 'unknown';
  for (let index = 0; index < within.length; index++) {
    const number = match[index + 1];
    if (number !== undefined && !within[index]!(Number(number))) return 'plain';
  }
  return 'valid';
}

function layoutOf(keys: readonly string[], patterns: ReadonlyMap<string, TextPattern | undefined>, settled: boolean): Layout | undefined {
  if (keys.length === 0 || keys.length > MOST_FIELDS) return undefined;
  const members: string[] = [];
  const within: TextPattern['within'][number][] = [];
  let complete = settled;
  for (const key of keys) {
    const field = patterns.get(key);
    if (field === undefined || !isPlainName(key)) return undefined;
    complete &&= field.complete;
    within.push(...field.within);
    members.push(`"${key}": ?${field.source}`);
  }
  // the spaces are those of programs in Python
  return { pattern: new RegExp(String.raw`^\{${members.join(', ?')}\}$`), complete, within };
}
