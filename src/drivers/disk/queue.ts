/** Runs pieces of work one after the other, in the order in which they were handed in; one that fails does not stop the next. */
type Queue = <T>(work: () => Promise<T>) => Promise<T>;

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    // the caller of the failed piece has its error; the queue only waits for its end
    last = result.catch(() => undefined);
    return result;
  };
}
