/**
 * The candidates most like a word, best first: for "did you mean". A candidate counts as like where at most a third of the longer text must be edited,
 * or where its last `/`-separated segment is like the word. Equal ones are in the order of the candidates.
 */
export function closest(word: string, candidates: Iterable<string>, limit = 3): readonly string[] {
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  const wanted = word.toLowerCase();
  for (const candidate of candidates) {
    const text = candidate.toLowerCase();
    const segment = text.slice(text.lastIndexOf('/') + 1);
    const score = Math.min(likeness(wanted, text), segment === text ? Infinity : likeness(wanted, segment) + 0.5);
    if (score !== Infinity) scored.push({ candidate, score });
  }
  return scored
    .toSorted((a, b) => a.score - b.score)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** ` Did you mean a, b or c?`, with a leading space; the empty string where nothing is like it. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const near = closest(word, candidates);
  if (near.length === 0) return '';
  const last = near.at(-1)!;
  return ` Did you mean ${near.length === 1 ? last : `${near.slice(0, -1).join(', ')} or ${last}`}?`;
}

function likeness(a: string, b: string): number {
  const allowed = Math.max(1, Math.floor(Math.max(a.length, b.length) / 3));
  if (Math.abs(a.length - b.length) > allowed) return Infinity;
  const edits = editDistance(a, b);
  return edits > allowed ? Infinity : edits;
}

/** Insertions, deletions, substitutions and swaps of neighbors that turn one text into the other (Damerau-Levenshtein, optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, beforeLast[j - 2]! + 1);
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
