/** The part of vitest's or jest's assertions that contract suites use. */
export interface Assertion {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toMatchObject(expected: object): void;
  readonly rejects: { toMatchObject(expected: object): Promise<void> };
}

/** What a contract suite is handed: the functions of the test framework that runs it. */
export interface TestFramework {
  describe(title: string, body: () => void): void;
  it(title: string, body: () => Promise<void>): void;
  expect(actual: unknown): Assertion;
}

/** A store under test. `reopen` closes it and opens the same data again; absent where the data ends with the process. */
export interface Opened<T> {
  readonly value: T;
  reopen?(): Promise<T>;
  close(): Promise<void>;
}

/** Runs a test against a freshly opened store and closes it whatever happens. */
export async function withOpened<T>(open: () => Promise<Opened<T>>, test: (value: T, opened: Opened<T>) => Promise<void>): Promise<void> {
  const opened = await open();
  try {
    await test(opened.value, opened);
  } finally {
    await opened.close();
  }
}
