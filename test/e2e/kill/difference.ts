/** How what is there differs from what should be: `missing` is not there, `duplicated` is there more than once, `foreign` should not be there. */
export interface Difference {
  readonly missing: number;
  readonly duplicated: number;
  readonly foreign: number;
}

/** Compares a list of names with the set of those that should be there once each. */
export function compareSets(expected: Iterable<string>, found: Iterable<string>): Difference {
  const wanted = new Set(expected);
  const seen = new Set<string>();
  let duplicated = 0;
  let foreign = 0;
  for (const name of found) {
    if (seen.has(name)) duplicated++;
    else if (!wanted.has(name)) foreign++;
    seen.add(name);
  }
  let missing = 0;
  for (const name of wanted) if (!seen.has(name)) missing++;
  return { missing, duplicated, foreign };
}
