/** Some of many values, evenly spread over all that were offered, and never more than `most` of them. */
export interface Sample {
  /** Takes the value into account; cheap where it is left out. */
  offer(value: number): void;
  readonly values: readonly number[];
}

/** Keeps every value at first; each time that there are too many, half of them, and from then on half as many of those to come. */
export function createSample(most: number): Sample {
  let values: number[] = [];
  let stride = 1;
  let offered = 0;
  return {
    offer(value) {
      if (offered++ % stride !== 0) return;
      if (values.length === most) {
        values = values.filter((_, index) => index % 2 === 0);
        stride *= 2;
        if ((offered - 1) % stride !== 0) return;
      }
      values.push(value);
    },
    get values() {
      return values;
    },
  };
}
