import type { Format } from './notes.ts';

/** Whether every text of one format is one of the other. */
export function coversFormat(wide: Format, narrow: Format): boolean {
  if (wide.name === 'guid' && narrow.name === 'uuid') return true;
  if (wide.name !== narrow.name) return false;
  switch (wide.name) {
    case 'datetime':
      return allows(wide, narrow, 'offset') && allows(wide, narrow, 'local') && coversSeconds(wide, narrow);
    case 'time':
      return coversPrecision(wide, narrow);
    case 'uuid':
      return isEqual(wide, narrow, ['version']) || wide.options['version'] === undefined;
    default:
      return isEqual(wide, narrow, Object.keys({ ...wide.options, ...narrow.options }));
  }
}

/** Such as `uuid (version v4)`. */
export function formatInWords({ name, options }: Format): string {
  const words = Object.entries(options).map(([option, value]) => (value === true ? option : `${option} ${value}`));
  return words.length === 0 ? name : `${name} (${words.join(', ')})`;
}

const allows = (wide: Format, narrow: Format, option: string): boolean => wide.options[option] === true || narrow.options[option] !== true;

const isEqual = (wide: Format, narrow: Format, options: readonly string[]): boolean =>
  options.every((option) => wide.options[option] === narrow.options[option]);

/** Of an instant, seconds are there but for the precision of minutes (-1). */
const coversSeconds = (wide: Format, narrow: Format): boolean =>
  wide.options['precision'] === narrow.options['precision'] || (coversPrecision(wide, narrow) && narrow.options['precision'] !== -1);

const coversPrecision = (wide: Format, narrow: Format): boolean =>
  wide.options['precision'] === undefined || wide.options['precision'] === narrow.options['precision'];

/** The fewest and the most characters of formats that are plain to count; others may have any number. */
export function lengthOfFormat({ name }: Format): { readonly least: number; readonly most: number } {
  const [least, most = Number.POSITIVE_INFINITY] = LENGTHS[name] ?? [0];
  return { least, most };
}

const LENGTHS: Readonly<Record<string, readonly [number, number?]>> = {
  uuid: [36, 36],
  guid: [36, 36],
  ulid: [26, 26],
  xid: [20, 20],
  ksuid: [27, 27],
  mac: [17, 17],
  ipv4: [7, 15],
  e164: [8, 16],
  date: [10, 10],
  time: [5],
  // minutes without a zone
  datetime: [16],
  email: [6],
};
