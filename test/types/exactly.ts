type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the value's type is `Expected` and no other: `any`, `unknown` and wider or narrower types do not pass. */
export const exactly =
  <Expected>() =>
  <Actual>(_value: Actual, ..._proof: Same<Actual, Expected> extends true ? [] : [{ expected: Expected; actual: Actual }]): void => {};
