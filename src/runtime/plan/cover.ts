import type { Span } from '../partitions/axis.ts';
import type { Place } from '../partitions/space.ts';

/** What the newest of several ranges says of each place. */
export interface Cover<T> {
  readonly isEmpty: boolean;
  /** From now on this is the newest for its places. */
  put(place: Place, value: T): void;
  at(place: Place): T | undefined;
}

type Covered<T> = Span & { readonly value: T };

/** Keeps disjoint ascending spans for each line: what is put takes away from those before it. */
export function createCover<T>(): Cover<T> {
  const lines = new Map<string, Covered<T>[]>();
  return {
    get isEmpty() {
      return lines.size === 0;
    },
    put({ line, span }, value) {
      const spans = lines.get(line) ?? [];
      lines.set(line, spans);
      const first = firstEndingBehind(spans, span.from);
      let next = first;
      while (next < spans.length && spans[next]!.from < span.to) next += 1;
      const [before, behind] = [spans[first], spans[next - 1]];
      const left = next > first && before!.from < span.from ? [{ ...before!, to: span.from }] : [];
      const right = next > first && behind!.to > span.to ? [{ ...behind!, from: span.to }] : [];
      spans.splice(first, next - first, ...left, { ...span, value }, ...right);
    },
    at({ line, span }) {
      const spans = lines.get(line) ?? [];
      const found = spans[firstEndingBehind(spans, span.from)];
      return found !== undefined && found.from <= span.from && span.to <= found.to ? found.value : undefined;
    },
  };
}

function firstEndingBehind(spans: readonly Span[], number: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.to <= number) low = middle + 1;
    else high = middle;
  }
  return low;
}
