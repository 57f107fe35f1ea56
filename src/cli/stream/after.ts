/** The most milliseconds that a timer of Node waits. */
const LONGEST = 2 ** 31 - 1;

/** Calls back after so many milliseconds, also after months; gives what stops that. */
export function after(milliseconds: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const start = (left: number): void => {
    timer = setTimeout(() => (left > LONGEST ? start(left - LONGEST) : call()), Math.min(left, LONGEST));
  };
  start(milliseconds);
  return () => clearTimeout(timer);
}
