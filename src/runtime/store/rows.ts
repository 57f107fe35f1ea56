/** Rows read lazily: nothing is loaded until asked for. A handle over several partitions is still one handle. */
export interface Rows<T> {
  rows(): AsyncIterable<T>;
  all(): Promise<T[]>;
  count(): Promise<number>;
  /** The data version that the handle was made for. */
  readonly version: string | undefined;
}

/** Generators are iterables too; named here, a wrong row of theirs is explained by its columns. */
export type RowsIn<T> =
  | readonly T[]
  | Generator<T, unknown, unknown>
  | AsyncGenerator<T, unknown, unknown>
  | Iterable<T>
  | AsyncIterable<T>;

export async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
