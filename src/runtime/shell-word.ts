/** A word as a POSIX shell reads it back: quoted where it has to be. No argument of a program can hold a NUL. */
export function shellWord(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
