/** The two ends of a key of neighboring time partitions, `FIRST..LAST`, both included; undefined where the text is no such key. */
export function splitRangeKey(key: string): readonly [first: string, last: string] | undefined {
  const at = key.indexOf('..');
  return at < 0 ? undefined : [key.slice(0, at), key.slice(at + 2)];
}

/** One key for neighbors from the first to the last: the partition's own key where it is one alone. */
export function rangeKey(first: string, last: string): string {
  return first === last ? first : `${first}..${last}`;
}

/** The key of a partition of several dimensions: `day=2026-01-01|region=eu`, in alphabetical order of the dimensions. */
export function crossKey(keys: Readonly<Record<string, string>>): string {
  return Object.keys(keys)
    .toSorted()
    .map((name) => `${name}=${keys[name]}`)
    .join('|');
}

/** The parts of such a key by dimension; empty where the text has none. */
export function crossParts(key: string): ReadonlyMap<string, string> {
  return new Map(
    key
      .split('|')
      .flatMap((part) => (part.includes('=') ? [[part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const] : [])),
  );
}
