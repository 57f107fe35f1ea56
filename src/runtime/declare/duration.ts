import { SpindleError } from '../errors.ts';

export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `1.5h`, `7d`. */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new SpindleError('DURATION_INVALID', `"${text}" is not a duration.`, {
      remedy: 'Write a number and a unit (ms, s, m, h, d), such as 90s or 7d.',
    });
  }
  return Number(amount) * (MILLISECONDS[unit] ?? Number.NaN);
}
