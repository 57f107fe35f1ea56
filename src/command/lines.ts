/** The lines of a stream of UTF-8, without their ends. A line that is longer than `most` bytes is handed on in pieces: `whole` is false for all but the last. */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  most: number,
): AsyncIterable<{ readonly text: string; readonly whole: boolean }> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): string => {
    const text = Buffer.concat(parts).toString();
    parts = [];
    bytes = 0;
    return text;
  };
  for await (const chunk of stream) {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end));
      yield { text: take().replace(/\r$/, ''), whole: true };
      rest = rest.subarray(end + 1);
    }
    if (rest.length === 0) continue;
    parts.push(rest);
    bytes += rest.length;
    if (bytes > most) yield { text: take(), whole: false };
  }
  if (bytes > 0) yield { text: take(), whole: true };
}
