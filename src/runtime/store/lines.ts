const LF = 10;
const CR = 13;
const MARK = Buffer.from('\ufeff');

/** One line of a file of text, without its end. */
export interface Line {
  /** From 1 on; every line counts, also one that is empty. */
  readonly number: number;
  /** Its length in bytes. */
  readonly size: number;
  /** A view that holds until the next lines are asked for; undefined where the line is longer than what is kept. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The lines of a text that comes in pieces, as many at a time as end in a piece. A line ends with LF or CRLF, the last one also with the text; a byte order mark in front of the
 * first is left out. Memory holds a piece and the line that is under way, of which no more than `longest` bytes are kept.
 */
export async function* splitLines(pieces: AsyncIterable<Uint8Array>, longest: number): AsyncIterable<readonly Line[]> {
  let number = 0;
  let open = new OpenLine(longest);
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf(LF); end !== -1; end = piece.indexOf(LF, start)) {
      lines.push(open.end(piece.subarray(start, end), ++number));
      if (!open.isEmpty) open = new OpenLine(longest);
      start = end + 1;
    }
    open.add(piece.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (!open.isEmpty) yield [open.end(new Uint8Array(), ++number)];
}

/** A line of which the end has not come yet. */
class OpenLine {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(longest: number) {
    // beside the line itself there may be a mark and a CR
    this.#longest = longest + MARK.length + 1;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  add(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#size += part.length;
    if (this.#size > this.#longest) this.#parts = [];
    else this.#parts.push(Buffer.from(part)); // a copy: the piece may be of a pool
  }

  end(last: Uint8Array, number: number): Line {
    const size = this.#size + last.length;
    if (size > this.#longest) return { number, size, bytes: undefined };
    const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    const from = number === 1 && MARK.equals(whole.subarray(0, MARK.length)) ? MARK.length : 0;
    const to = whole.length > from && whole[whole.length - 1] === CR ? whole.length - 1 : whole.length;
    const bytes = whole.subarray(from, to);
    const kept = bytes.length <= this.#longest - MARK.length - 1;
    return { number, size: bytes.length, bytes: kept ? bytes : undefined };
  }
}
