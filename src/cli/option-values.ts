import type { Options } from 'yargs';

/**
 * An option whose text becomes a value. `parse` throws an Error whose message becomes a USAGE error. (The error keeps nothing but the message on
 * its way through yargs.) An option given twice arrives as an array, which the argument parser refuses with the name of the option.
 */
function parsed<T>(parse: (text: string) => T) {
  return {
    type: 'string',
    requiresArg: true,
    coerce: (text: string): T => (Array.isArray(text) ? (text as T) : parse(text)),
  } as const satisfies Options;
}

/** `--name <n>`: a whole number that is at least `least`, in digits. */
export function wholeNumber(name: string, least: number, describe: string) {
  const option = parsed((text): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new Error(`--${name} takes a whole number from ${least} on, and not "${text}"`);
  });
  return { ...option, describe };
}

/** `--name <duration>`: such as 90s or 5m; gives milliseconds, at least 1. */
export function duration(name: string, describe: string) {
  const option = parsed((text): number => {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
    const milliseconds = Math.round(Number(amount) * (MILLISECONDS[unit] ?? Number.NaN));
    if (milliseconds >= 1 && milliseconds <= LONGEST) return milliseconds;
    throw new Error(`--${name} takes a duration of at most 24h, such as 30s or 5m, and not "${text}"`);
  });
  return { ...option, describe };
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A day: more than a timer of Node could wait is 24 days. */
const LONGEST = 86_400_000;

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** `--name <instant>`: a moment with its zone, as ISO 8601 writes it; gives it in UTC. */
export function isoInstant(name: string, describe: string) {
  const option = parsed((text): string => {
    const [matched, year, month, day] = INSTANT.exec(text) ?? [];
    const instant = new Date(matched ?? Number.NaN);
    // Date takes the 31st of a month of 30 days for the next month's first.
    const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
    if (!Number.isNaN(instant.getTime()) && exists) return instant.toISOString();
    throw new Error(`--${name} takes an ISO instant with its zone, such as 2026-01-31T08:00:00Z, and not "${text}"`);
  });
  return { ...option, describe };
}
